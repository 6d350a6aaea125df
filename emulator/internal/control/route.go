package control

import (
	"context"
	"net/http"
)

// route is one operation of the door.
type route struct {
	verb, path string
	operation  string // operationId in openapi.yaml
	available  bool   // the emulator has what it needs
	handler    http.HandlerFunc
}

// nothing is the input of an operation that takes none.
type nothing struct{}

// done is the answer of an operation that has nothing to tell.
type done struct {
	Status string `json:"status"`
}

var ok = done{Status: "ok"}

// document is an answer that is not JSON of ours.
type document struct {
	mediaType string
	text      []byte
}

// jsonType is the Content-Type of JSON.
const jsonType = "application/json; charset=utf-8"

// typed makes a handler of a function: the request is read into its input, see
// [read]; its answer is written as JSON, its error as [Problem].
func typed[In, Out any](do func(context.Context, In) (Out, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var input In
		if err := read(w, r, &input); err != nil {
			fail(w, err)
			return
		}
		answer, err := do(r.Context(), input)
		if err != nil {
			fail(w, err)
			return
		}
		if d, is := any(answer).(document); is {
			w.Header().Set("Content-Type", d.mediaType)
			_, _ = w.Write(d.text) // fails only when the caller is gone
			return
		}
		writeJSON(w, http.StatusOK, answer)
	}
}
