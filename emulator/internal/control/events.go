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
	Money     bool           `query:"money"`
	Pace      *time.Duration `query:"pace"`
	Requests  *int           `query:"requests"`
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
	if in.Requests != nil && *in.Requests < 1 {
		fail(w, &Problem{Status: http.StatusBadRequest, Parameter: "requests", Message: "requests: want at least 1"})
		return
	}
	events, cancel := a.Lab.Subscribe(in.AccountID, in.Money)
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
			if in.Requests == nil {
				text = serverSent(collect(event, events, maxBatch))
			} else {
				text = serverSent(skip(collect(event, events, maxSkipped), *in.Requests))
			}
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

// maxBatch is the number of events that are sent before the next ones are read.
const maxBatch = 64

// maxSkipped is maxBatch for a stream that skips requests: what it skips costs little.
const maxSkipped = 4096

// collect returns an event and those that wait behind it, up to a number: under load,
// sending each alone would cost more than all the rest.
func collect(first lab.Event, events <-chan lab.Event, most int) []lab.Event {
	collected := []lab.Event{first}
	for len(collected) < most {
		select {
		case event := <-events:
			collected = append(collected, event)
		default:
			return collected
		}
	}
	return collected
}

// skip drops all requests but the latest ones, most of them, and reports their number in
// an event before the others. Requests that are dropped are never read or encoded.
func skip(events []lab.Event, most int) []lab.Event {
	requests := 0
	for _, event := range events {
		if event.IsRequest() {
			requests++
		}
	}
	surplus := requests - most
	if surplus <= 0 {
		return events
	}
	kept := []lab.Event{{Type: "skipped", Data: map[string]int{"skipped": surplus}}}
	for _, event := range events {
		if event.IsRequest() && surplus > 0 {
			surplus--
		} else {
			kept = append(kept, event)
		}
	}
	return kept
}

// serverSent formats events for the stream.
func serverSent(events []lab.Event) string {
	var text []byte
	for _, e := range events {
		e = e.Read()
		data, err := json.Marshal(e.Data)
		if err != nil {
			data = []byte(`{"error": "this event cannot be written as JSON"}`)
		}
		text = fmt.Appendf(text, "event: %s\ndata: %s\n\n", e.Type, data)
	}
	return string(text)
}
