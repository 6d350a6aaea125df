package scheduler_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/scheduler"
)

func TestALiveClockSleepsAndAStoppedOneDoesNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, want := range map[string]time.Duration{"live": time.Minute, "stopped": 0} {
			c := map[string]*scheduler.Clock{"live": live(t), "stopped": at(t, time.Unix(0, 0))}[name]
			began := time.Now()
			if err := c.Sleep(t.Context(), time.Minute); err != nil {
				t.Error(name, err)
			}
			if slept := time.Since(began); slept != want {
				t.Errorf("%s: slept %v, want %v", name, slept, want)
			}
		}
	})
}

func TestSleepEndsWithItsContext(t *testing.T) {
	ended, end := context.WithCancel(t.Context())
	end()
	for _, c := range []*scheduler.Clock{live(t), at(t, time.Unix(0, 0))} {
		if err := c.Sleep(ended, time.Hour); !errors.Is(err, context.Canceled) {
			t.Errorf("%v, want %v", err, context.Canceled)
		}
	}
}
