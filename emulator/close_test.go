package emulator

import (
	"context"
	"testing"
)

func TestCloseStopsTheClock(t *testing.T) {
	s, err := New(WithListen("", ""))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	stopped := false
	stop := s.stopClock
	s.stopClock = func() {
		stop()
		stopped = true
	}
	if err := s.Close(context.Background()); err != nil || !stopped {
		t.Errorf("%v, stopped %v", err, stopped)
	}
}
