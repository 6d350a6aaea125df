package platform

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/inject"
	"github.com/voxemu/voxemu/emulator/internal/requestlog"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
)

// serveCall handles one request. The request is opened in the journal before it is read
// and closed before the client can see the reply, so that a client with a reply always
// finds its request in the journal.
func (h *Handler) serveCall(w http.ResponseWriter, r *http.Request, segment string, bare bool) {
	began := h.Wall()
	recording := h.Journal.Open(journal.APIRequest, h.Clock.Now())
	defer h.closeAfterPanic(recording)
	recording.From(r.Host, r.Proto, r.UserAgent())
	recording.Verb, recording.TLS = r.Method, r.TLS != nil

	c := read(w, r, segment, bare)
	c.recording = recording
	for _, m := range c.notHonoured {
		c.noteMistake(m)
	}
	recording.Method, recording.Style, recording.Encoding, recording.RequestBytes = c.method, c.style, c.encoding, c.body.bytes
	recording.Given(c.parameters)

	var dropped error
	if claim := h.matchFault(c, r); claim != nil {
		dropped = h.applyFault(w, r, c, claim)
	} else {
		reply := h.answer(c)
		h.send(w, r, c, reply)
		h.spy(c, reply.Body)
	}
	if h.Observe != nil {
		h.Observe(c.method, recording.Code)
	}
	h.log(c, h.Wall().Sub(began), dropped != nil)
	if dropped != nil {
		panic(dropped) // makes net/http drop the connection
	}
}

func (h *Handler) send(w http.ResponseWriter, r *http.Request, c *call, reply inject.Reply) {
	h.closeRecording(r, c, reply)
	err := reply.Send(w)
	if err == nil && r.Context().Err() != nil {
		// The client has closed its direction or both: whether the reply can be written
		// shows which.
		err = http.NewResponseController(w).Flush()
	}
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		c.recording.Abort(journal.AbortedByClient)
	}
}

// applyFault lets a rule reply, before or after the request is processed. The caller must
// panic with the error, which drops the connection.
func (h *Handler) applyFault(w http.ResponseWriter, r *http.Request, c *call, claim *inject.Claim) error {
	c.recording.Fault, c.recording.FaultKinds = claim.Rule, claim.Kinds
	dropped := claim.Act(&inject.Exchange{
		Writer: w, Request: r, Sleep: h.Clock.Sleep,
		Work:     func() inject.Reply { return h.answer(c) },
		APIError: func(name, field string) inject.Reply { return h.faultReply(c, vox.Error(name).On(field)) },
		Sending:  func(reply inject.Reply) { h.closeRecording(r, c, reply) },
	})
	if !c.recording.Closed() {
		h.closeRecording(r, c, inject.Reply{})
	}
	if dropped != nil {
		c.recording.Abort(journal.AbortedByFault)
	}
	return dropped
}

// closeRecording closes the request in the journal before its reply is sent; status 0 means
// no reply.
func (h *Handler) closeRecording(r *http.Request, c *call, reply inject.Reply) {
	recording := c.recording
	recording.AccountID, recording.KeyID = c.caller.AccountID, c.caller.KeyID
	if c.caller.AccountID == 0 {
		recording.Unidentified, recording.AccountID = true, h.claimed(c)
	}
	recording.Warnings = c.warnings
	if reply.Status != 0 {
		recording.Replied(reply.Status, reply.Header.Get("Content-Type"), reply.Body)
	}
	if reply.Status == 0 && r.Context().Err() != nil {
		recording.Abort(journal.AbortedByClient)
	}
	recording.Close(h.Clock.Now())
}

// closeAfterPanic closes the request in the journal after a panic. After
// http.ErrAbortHandler, a deliberate panic, it is already closed.
func (h *Handler) closeAfterPanic(recording *requestlog.Recording) {
	if !recording.Closed() {
		recording.Abort(journal.AbortedByPanic)
		recording.Close(h.Clock.Now())
	}
}

// log logs the request without empty attributes, under its number in the journal.
func (h *Handler) log(c *call, took time.Duration, dropped bool) {
	ctx := context.Background()
	if !h.Logger.Enabled(ctx, slog.LevelInfo) { // saves the memory of the arguments
		return
	}
	e := c.recording.Request
	if dropped {
		e.Aborted = journal.AbortedByFault
	}
	e.UnknownParameters = nil // the warnings contain them
	h.Logger.LogAttrs(ctx, slog.LevelInfo, "request",
		slog.Int64("number", e.Number), unlessEmpty("method", e.Method), slog.Any("style", e.Style), slog.Any("encoding", e.Encoding),
		unlessEmpty("account", e.AccountID), unlessEmpty("key", e.KeyID), slog.Int("status", e.Status),
		unlessEmpty("code", e.Code), unlessEmpty("error", e.Error), unlessEmpty("field", e.Field),
		unlessEmpty("fault", e.Fault), unlessEmpty("aborted", e.Aborted),
		lines("mistakes", e.Explain()), unlessEmpty("denied", e.Denied), lines("warnings", e.Warnings),
		slog.Float64("took_ms", float64(took.Microseconds())/1000))
}

// unlessEmpty returns an attribute, or none for a zero value.
func unlessEmpty[T comparable](name string, value T) slog.Attr {
	var zero T
	if value == zero {
		return slog.Attr{}
	}
	return slog.Any(name, value)
}

// lines is [unlessEmpty] for a list.
func lines(name string, list []string) slog.Attr {
	if len(list) == 0 {
		return slog.Attr{}
	}
	return slog.Any(name, list)
}
