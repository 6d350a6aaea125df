package control_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/voxemu/voxemu/emulator"
)

func TestEventsComeAsTheyHappenUntilTheServerStops(t *testing.T) {
	s, err := emulator.New(emulator.WithListen("127.0.0.1:0", ""))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	reply, err := http.Get(s.URL() + "/_voxemu/events")
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	lines := bufio.NewScanner(reply.Body)
	next := func(want string) {
		t.Helper()
		if !lines.Scan() || !strings.HasPrefix(lines.Text(), want) {
			t.Fatalf("%q, %v; want %q", lines.Text(), lines.Err(), want)
		}
	}
	next(": connected")
	next("")
	s.StopClock()
	next("event: clock")
	next(`data: {"now":"20`)
	next("")
	if err := s.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if lines.Scan() {
		t.Errorf("after the end: %q", lines.Text())
	}
}

func TestAWaitEndsWhenTheClientLeaves(t *testing.T) {
	left, leave := context.WithCancel(t.Context())
	leave()
	w := httptest.NewRecorder()
	serve(t, true).ServeHTTP(w, httptest.NewRequest("GET", "/_voxemu/requests/wait?timeout=10m", nil).WithContext(left))
	if w.Code != http.StatusConflict {
		t.Errorf("%d, want 409: %s", w.Code, w.Body)
	}
}
