package control

import (
	"context"
	"net/http"
	"reflect"
	"strconv"
)

type route struct {
	verb, path string
	operation  string // operationId in openapi.yaml
	handler    http.HandlerFunc
}

// nothing is the input of operations without parameters.
type nothing struct{}

// done is the reply of operations without a result.
type done struct {
	Status string `json:"status"`
}

var ok = done{Status: "ok"}

// textReply is a reply that is already encoded.
type textReply struct {
	mediaType string
	text      []byte
	evicted   int64 // for the header X-Voxemu-Evicted: how many older requests are missing
}

const jsonType = "application/json; charset=utf-8"

// typed returns the handler for a function. It reads the request into the function's
// input (see [read]) and writes its reply as JSON, or its error as [Problem].
func typed[In, Out any](do func(In) (Out, error)) http.HandlerFunc {
	return handler{reflect.TypeFor[In](), func(_ context.Context, in any) (any, error) { return do(*in.(*In)) }}.serve
}

// waiting is [typed] for functions that stop waiting when the client disconnects.
func waiting[In, Out any](do func(context.Context, In) (Out, error)) http.HandlerFunc {
	return handler{reflect.TypeFor[In](), func(ctx context.Context, in any) (any, error) { return do(ctx, *in.(*In)) }}.serve
}

// handler is a function without its types, so that serve is compiled once.
type handler struct {
	input reflect.Type
	do    func(ctx context.Context, input any) (any, error) // input is a pointer
}

func (h handler) serve(w http.ResponseWriter, r *http.Request) {
	input := reflect.New(h.input).Interface()
	if err := read(w, r, input); err != nil {
		fail(w, err)
		return
	}
	reply, err := h.do(r.Context(), input)
	if err != nil {
		fail(w, err)
		return
	}
	if d, is := reply.(textReply); is {
		w.Header().Set("Content-Type", d.mediaType)
		if d.evicted > 0 {
			w.Header().Set("X-Voxemu-Evicted", strconv.FormatInt(d.evicted, 10))
		}
		_, _ = w.Write(d.text) // fails only if the client is gone
		return
	}
	writeJSON(w, http.StatusOK, reply)
}
