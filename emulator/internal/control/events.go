package control

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/lab"
)

type eventsInput struct {
	AccountID int64          `query:"account_id"`
	Pace      *time.Duration `query:"pace"`
}

// longestPace is the longest time for which a stream collects events.
const longestPace = time.Second

// heartbeat is the interval of comments that keep proxies from closing an idle stream, on
// the machine's clock.
const heartbeat = 15 * time.Second

// streamEvents writes server-sent events until the request's context ends, because the
// client disconnects or the server stops.
func (a *API) streamEvents(w http.ResponseWriter, r *http.Request) {
	var in eventsInput
	if err := read(w, r, &in); err != nil {
		fail(w, err)
		return
	}
	var pace time.Duration
	if in.Pace != nil {
		pace = min(*in.Pace, longestPace)
	}
	events, cancel := a.Lab.Subscribe(in.AccountID)
	defer cancel()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	connection := http.NewResponseController(w)
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	if r.Method == http.MethodHead {
		return // no events
	}
	text := ": connected\n\n"
	for {
		if _, err := fmt.Fprint(w, text); err != nil || connection.Flush() != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-beat.C:
			text = ": still here\n\n"
		case event := <-events:
			if !wait(r.Context(), pace) {
				return
			}
			text = batch(event, events)
		}
	}
}

// wait returns after a time on the machine's clock; false: the context has ended.
func wait(ctx context.Context, d time.Duration) bool {
	if d == 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// maxBatch is the number of bytes from which on events are sent before the next ones are
// read.
const maxBatch = 64 << 10

// batch formats an event and those that wait behind it: under load, sending each alone
// would cost more than all the rest.
func batch(first lab.Event, events <-chan lab.Event) string {
	text := []byte(serverSent(first))
	for len(text) < maxBatch {
		select {
		case event := <-events:
			text = append(text, serverSent(event)...)
		default:
			return string(text)
		}
	}
	return string(text)
}

// serverSent formats an event for the stream.
func serverSent(e lab.Event) string {
	e = e.Read()
	data, err := json.Marshal(e.Data)
	if err != nil {
		data = []byte(`{"error": "this event cannot be written as JSON"}`)
	}
	return fmt.Sprintf("event: %s\ndata: %s\n\n", e.Type, data)
}
