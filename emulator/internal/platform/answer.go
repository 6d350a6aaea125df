package platform

import (
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/voxemu/voxemu/emulator/internal/inject"
	"github.com/voxemu/voxemu/emulator/internal/requestlog"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
)

// answer processes a request, unless it could not be read, and returns the reply.
func (h *Handler) answer(c *call) inject.Reply {
	if c.unread != nil {
		c.noteMistakes(c.unread)
		return h.reply(c, c.unread)
	}
	return h.reply(c, h.do(c))
}

// do runs everything that is due by now, and then the request in one transaction or, if
// it changes nothing, on one snapshot. A panic becomes an error, because a bug must not
// look like a lost reply.
func (h *Handler) do(c *call) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in %s: %v\n%s", c.method, p, debug.Stack())
		}
	}()
	if err := h.find(c); err != nil {
		return err
	}
	h.bind(c)
	now, release := h.Clock.Hold()
	defer release()
	if !c.endpoint.writes {
		return h.Store.Read(now, func(tx *store.Tx) error { return h.decide(tx, c) })
	}
	if c.endpoint.prepare != nil {
		if err := h.Store.Read(now, func(tx *store.Tx) error { return h.prepare(tx, c) }); err != nil {
			return err
		}
	}
	defer h.Clock.Wake() // something may be due earlier than before
	return h.Store.Write(now, func(tx *store.Tx) error { return h.decide(tx, c) })
}

// find finds the method (A10).
func (h *Handler) find(c *call) error {
	e, emulated := h.methods.endpoints[c.method]
	switch {
	case c.style == journal.StyleBare:
		c.recording.UnknownMethod = true
		c.warn("the API is under /platform_api/: the client's endpoint must be http://%s/platform_api/ with the final slash", c.host)
		return vox.ErrUnknownCommand
	case c.method == "":
		c.noteMistake(journal.ParameterMistake{Parameter: "cmd", Missing: true, Allowed: "a method's name, here or in the path", Error: string(vox.ErrMissingCommand)})
		return vox.ErrMissingCommand
	case emulated:
		c.endpoint = e
		return nil
	case h.Contract.NotEmulated(c.method):
		c.recording.NotEmulated = true
		c.warn("not emulated: the real service has the method %s, voxemu does not", c.method)
	default:
		c.recording.UnknownMethod = true
	}
	return vox.ErrUnknownCommand
}

// bind parses and validates the parameters. This needs no state, so other writers do not
// wait for it; checkParameters, in the transaction, returns the errors.
func (h *Handler) bind(c *call) {
	c.parsed, c.invalid = c.endpoint.spec.Parse(c.parameters, h.Contract.Common)
	if c.invalid == nil {
		c.arguments = c.endpoint.bind(c.parsed.Values)
	}
}

// prepare runs the part of a method that comes before its transaction.
func (h *Handler) prepare(tx *store.Tx, c *call) (err error) {
	if err := h.admit(tx, c); err != nil {
		return err
	}
	if err := h.checkParameters(tx, c); err != nil {
		return err
	}
	c.arguments, err = c.endpoint.prepare(tx, c.caller, c.arguments)
	return c.ownErrors(tx, err)
}

// decide runs the part of a request that uses the state.
func (h *Handler) decide(tx *store.Tx, c *call) (err error) {
	if err := h.admit(tx, c); err != nil {
		return err
	}
	if err := h.checkParameters(tx, c); err != nil {
		return err
	}
	c.result, err = c.endpoint.handle(tx, c.caller, c.arguments)
	for _, text := range tx.Warnings() {
		c.warn("%s", text)
	}
	if err != nil || !c.endpoint.writes {
		return c.ownErrors(tx, err)
	}
	return audit(tx, c)
}

// checkParameters returns the errors of invalid parameters. It adds warnings for values that were
// capped (A92) and for parameters that the method does not have, which the real service
// ignores (A6). Strict mode refuses the latter, unless the real method has them
// (x-ignored).
func (h *Handler) checkParameters(tx *store.Tx, c *call) error {
	invalid := c.ownErrors(tx, c.invalid)
	var refused vox.Refusals
	if !errors.As(invalid, &refused) && invalid != nil {
		return invalid
	}
	for _, r := range c.parsed.Capped {
		if tx.Settings().Behaviour.CountAboveMaximum == vox.CountAboveMaximumRefused {
			refused = append(refused, r)
			continue
		}
		c.noteMistake(journal.ParameterMistake{Parameter: r.Field, Allowed: r.Detail})
		c.warn("%s is above the maximum, which is used instead: %s", r.Field, explanation(r))
	}
	if len(refused) > 0 {
		c.noteMistakes(refused)
	}
	for _, name := range c.parsed.Unknown {
		if reason, known := c.endpoint.spec.Ignored[name]; known {
			c.warn("parameter %s of %s has no effect here: %s", name, c.method, reason)
			continue
		}
		name = requestlog.Name(name)
		c.noteUnknown(name)
		c.warn("unknown parameter %s is ignored by %s", name, c.method)
		if h.Strict {
			refused = append(refused, vox.ErrForbiddenParameter.On(name))
		}
	}
	c.parsed.Unknown, c.parsed.Capped = nil, nil // called again after a preparation
	if len(refused) == 0 {
		return nil
	}
	return refused
}

// ownErrors replaces the general error for a missing parameter by the parameter's own
// error, unless the scenario selects otherwise (A12).
func (c *call) ownErrors(tx *store.Tx, err error) error {
	if err == nil || tx.Settings().Behaviour.MissingReference == vox.MissingReferenceRequired {
		return err
	}
	named := vox.Refusals(refusals(err))
	replaced := false
	for i, r := range named {
		if own, ok := c.endpoint.spec.OwnError(r.Field); ok && r.Name == vox.ErrMissingParameter {
			named[i].Name, replaced = own, true
		}
	}
	if !replaced {
		return err
	}
	return named
}

// maxNoted limits the mistakes and unknown parameters in the journal.
const maxNoted = 64

// noteMistakes records in the journal why the parameters were refused.
func (c *call) noteMistakes(err error) {
	if err == nil {
		return
	}
	for _, r := range refusals(err) {
		given := c.parameters.Get(r.Field) != ""
		mistake := journal.ParameterMistake{Parameter: r.Field, Missing: r.Field != "" && !given, Allowed: r.Detail, Error: string(r.Name)}
		if mistake.Allowed == "" && c.endpoint.spec != nil {
			mistake.Allowed = c.endpoint.spec.Allowed(r.Field)
		}
		c.noteMistake(mistake)
	}
}

func (c *call) noteMistake(p journal.ParameterMistake) {
	if len(c.recording.Mistakes) < maxNoted {
		c.recording.Mistakes = append(c.recording.Mistakes, p)
	}
}

func (c *call) noteUnknown(parameter string) {
	if len(c.recording.UnknownParameters) < maxNoted {
		c.recording.UnknownParameters = append(c.recording.UnknownParameters, parameter)
	}
}
