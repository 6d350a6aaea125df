package control

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/lab"
)

type eventsInput struct {
	AccountID int64 `query:"account_id"`
}

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
			text = serverSent(event)
		}
	}
}

// serverSent formats an event for the stream.
func serverSent(e lab.Event) string {
	data, err := json.Marshal(e.Data)
	if err != nil {
		data = []byte(`{"error": "this event cannot be written as JSON"}`)
	}
	return fmt.Sprintf("event: %s\ndata: %s\n\n", e.Type, data)
}
