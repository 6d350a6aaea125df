package control_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/control"
	"github.com/voxemu/voxemu/emulator/internal/lab"
)

func TestEventsComeAsTheyHappenUntilTheEmulatorStops(t *testing.T) {
	door := fake()
	happening, stopped, left := make(chan lab.Event), make(chan struct{}), make(chan struct{})
	door.Done = func() <-chan struct{} { return stopped }
	door.Events.Subscribe = func(int64) (<-chan lab.Event, func()) { return happening, func() { close(left) } }
	server := httptest.NewServer(serve(t, door, false))
	defer server.Close()
	reply, err := http.Get(server.URL + "/_voxemu/events")
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	lines := bufio.NewScanner(reply.Body)
	next := func(want string) {
		t.Helper()
		if !lines.Scan() || lines.Text() != want {
			t.Fatalf("%q, %v; want %q", lines.Text(), lines.Err(), want)
		}
	}
	next(": connected")
	next("")
	happening <- lab.Event{Type: "clock", Data: map[string]string{"now": "a\nb"}}
	next("event: clock")
	next(`data: {"now":"a\nb"}`)
	next("")
	close(stopped)
	<-left
	if lines.Scan() {
		t.Errorf("after the end: %q", lines.Text())
	}
}

func TestAWaitEndsWhenTheEmulatorStops(t *testing.T) {
	door := fake()
	waiting, stopped := make(chan struct{}), make(chan struct{})
	door.Done = func() <-chan struct{} { return stopped }
	door.Requests.Wait = func(ctx context.Context, _ control.Filter, _ int) error {
		close(waiting)
		<-ctx.Done()
		return control.Unmet("the emulator stops", nil)
	}
	handler := serve(t, door, false)
	answered := make(chan int)
	go func() { answered <- request(handler, "GET /_voxemu/requests/wait?timeout=10m", "").Code }()
	<-waiting
	close(stopped)
	select {
	case status := <-answered:
		if status != http.StatusConflict {
			t.Errorf("%d, want 409", status)
		}
	case <-time.After(time.Minute): // only a failure lasts that long
		t.Error("still waiting")
	}
}
