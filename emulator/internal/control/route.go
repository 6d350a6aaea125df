package control

import (
	"context"
	"net/http"
)

// route is one operation.
type route struct {
	verb, path string
	operation  string // operationId in openapi.yaml
	handler    http.HandlerFunc
}

// nothing is the input of an operation that takes none.
type nothing struct{}

// done is the reply of an operation that has nothing to say.
type done struct {
	Status string `json:"status"`
}

var ok = done{Status: "ok"}

// textReply is a reply that is not JSON of ours.
type textReply struct {
	mediaType string
	text      []byte
}

// jsonType is the Content-Type of JSON.
const jsonType = "application/json; charset=utf-8"

// typed makes a handler of a function: the request is read into its input, see
// [read]; its reply is written as JSON, its error as [Problem].
func typed[In, Out any](do func(In) (Out, error)) http.HandlerFunc {
	return waiting(func(_ context.Context, in In) (Out, error) { return do(in) })
}

// waiting is [typed] for a function that waits until the client has left.
func waiting[In, Out any](do func(context.Context, In) (Out, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var input In
		if err := read(w, r, &input); err != nil {
			fail(w, err)
			return
		}
		reply, err := do(r.Context(), input)
		if err != nil {
			fail(w, err)
			return
		}
		if d, is := any(reply).(textReply); is {
			w.Header().Set("Content-Type", d.mediaType)
			_, _ = w.Write(d.text) // fails only when the caller is gone
			return
		}
		writeJSON(w, http.StatusOK, reply)
	}
}
