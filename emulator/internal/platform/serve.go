package platform

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/inject"
	"github.com/voxemu/voxemu/emulator/internal/requestlog"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
)

// serveCall answers one request. Its entry in the journal begins before anything
// is read and is complete before the client can see the reply: whoever got the
// reply finds the request in the journal.
func (h *Handler) serveCall(w http.ResponseWriter, r *http.Request, segment string, bare bool) {
	began := h.Wall()
	entry := h.Journal.Open(journal.APIRequest, h.Clock.Now())
	defer h.closeAfterPanic(entry)
	entry.From(r.Host, r.Proto, r.UserAgent())
	entry.Verb, entry.TLS = r.Method, r.TLS != nil

	c := read(w, r, segment, bare)
	c.entry = entry
	entry.Method, entry.Style, entry.Encoding, entry.RequestBytes = c.method, c.style, c.encoding, c.body.bytes
	entry.Given(c.parameters)

	var dropped error
	if claim := h.matchFault(c, r); claim != nil {
		dropped = h.applyFault(w, r, c, claim)
	} else {
		h.send(w, r, c, h.answer(c))
	}
	if h.Observe != nil {
		h.Observe(c.method, entry.Code)
	}
	h.log(c, h.Wall().Sub(began), dropped != nil)
	if dropped != nil {
		panic(dropped) // net/http's way to drop the connection
	}
}

// send sends the reply to a request that no fault has taken.
func (h *Handler) send(w http.ResponseWriter, r *http.Request, c *call, reply inject.Reply) {
	h.closeEntry(r, c, reply)
	if err := reply.Send(w); err != nil {
		c.entry.Abort(journal.AbortedByClient)
	}
}

// applyFault lets a rule answer a request, before or after the work. An error is
// to be panicked with: the connection is to be dropped.
func (h *Handler) applyFault(w http.ResponseWriter, r *http.Request, c *call, claim *inject.Claim) error {
	c.entry.Fault = claim.Rule
	dropped := claim.Act(&inject.Exchange{
		Writer: w, Request: r, Sleep: h.Clock.Sleep,
		Work:     func() inject.Reply { return h.answer(c) },
		APIError: func(name, field string) inject.Reply { return h.faultReply(c, vox.Error(name).On(field)) },
		Sending:  func(reply inject.Reply) { h.closeEntry(r, c, reply) },
	})
	if !c.entry.Closed() {
		h.closeEntry(r, c, inject.Reply{})
	}
	if dropped != nil {
		c.entry.Abort(journal.AbortedByFault)
	}
	return dropped
}

// closeEntry completes the entry of a request that is about to be answered; a
// status of 0 stands for no reply at all.
func (h *Handler) closeEntry(r *http.Request, c *call, reply inject.Reply) {
	entry := c.entry
	entry.AccountID, entry.KeyID = c.caller.AccountID, c.caller.KeyID
	if c.caller.AccountID == 0 {
		entry.Unidentified, entry.AccountID = true, h.claimed(c)
	}
	entry.Warnings = c.warnings
	if reply.Status != 0 {
		entry.Replied(reply.Status, reply.Header.Get("Content-Type"), reply.Body)
	}
	if r.Context().Err() != nil {
		entry.Abort(journal.AbortedByClient)
	}
	entry.Close(h.Clock.Now())
}

// closeAfterPanic closes the entry of a request that is left by a panic. Whoever
// leaves on purpose, with http.ErrAbortHandler, has closed it before.
func (h *Handler) closeAfterPanic(entry *requestlog.Recording) {
	if !entry.Closed() {
		entry.Abort(journal.AbortedByPanic)
		entry.Close(h.Clock.Now())
	}
}

// log writes a record of the request, without the attributes that would be empty.
// Its number is the one by which the journal knows the request.
func (h *Handler) log(c *call, took time.Duration, dropped bool) {
	ctx := context.Background()
	if !h.Logger.Enabled(ctx, slog.LevelInfo) { // else the arguments are not worth their memory
		return
	}
	e := c.entry.Request
	if dropped {
		e.Aborted = journal.AbortedByFault
	}
	e.UnknownParameters = nil // the warnings name them
	h.Logger.LogAttrs(ctx, slog.LevelInfo, "request",
		slog.Int64("number", e.Number), unlessEmpty("method", e.Method), slog.Any("style", e.Style), slog.Any("encoding", e.Encoding),
		unlessEmpty("account", e.AccountID), unlessEmpty("key", e.KeyID), slog.Int("status", e.Status),
		unlessEmpty("code", e.Code), unlessEmpty("error", e.Error), unlessEmpty("field", e.Field),
		unlessEmpty("fault", e.Fault), unlessEmpty("aborted", e.Aborted),
		lines("mistakes", e.Explain()), unlessEmpty("denied", e.Denied), lines("warnings", e.Warnings),
		slog.Float64("took_ms", float64(took.Microseconds())/1000))
}

// unlessEmpty is an attribute, or for a zero value none.
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
