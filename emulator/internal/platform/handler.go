// Package platform is the front door: what the real service offers under
// /platform_api, in its dialect. It reads a call, finds out who makes it, has
// the contract judge it and the method's handler do it, and writes the reply.
package platform

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/internal/scheduler"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Config is what the door needs.
type Config struct {
	Contract *contract.Contract
	Store    *store.Store
	Clock    *scheduler.Clock
	// Faults take calls away from the door; nil: nothing does.
	Faults *fault.Engine
	// Journal gets an entry for every call.
	Journal *journal.Journal
	// Wall judges the expiry of tokens: SDKs sign with the machine's clock.
	Wall func() time.Time
	// Strict refuses unknown parameters and checks every reply.
	Strict bool
	// Observe is told of every call: the method as it was written and the
	// reply's error code, 0 for a success; nil: nobody is.
	Observe func(method string, code int)
	Logger  *slog.Logger
	// NotFound answers what is not a path of the API.
	NotFound http.HandlerFunc
}

// Door serves the API.
type Door struct {
	Config
	methods Table
}

// New makes the door of one server.
func New(config Config, methods Table) *Door { return &Door{config, methods} }

// converse reads a call, has it answered and sends the reply, or leaves it to a
// fault. The journal's entry is complete before the client can see the reply:
// whoever got it finds the call in the journal.
func (d *Door) converse(w http.ResponseWriter, r *http.Request, segment string, answer func(*call) (any, error)) {
	began := d.Wall()
	entry := d.open(r)
	defer d.closeUnfinished(entry)
	c, err := read(w, r, segment)
	c.note(entry)
	work := func() fault.Reply { return d.work(c, err, answer) }
	var dropped error
	if claim := d.claim(c, r); claim != nil {
		dropped = d.spoil(w, r, c, claim, work)
	} else {
		d.deliver(w, r, c, work())
	}
	if d.Observe != nil {
		d.Observe(c.method, entry.Code)
	}
	d.log(c, d.Wall().Sub(began))
	if dropped != nil {
		panic(dropped) // net/http's way to drop the connection
	}
}

func (d *Door) log(c *call, took time.Duration) {
	if d.Logger.Enabled(context.Background(), slog.LevelInfo) { // else the arguments are not worth their memory
		d.Logger.Info("call", "method", c.method, "style", c.style, "encoding", c.encoding,
			"account", c.caller.AccountID, "key", c.caller.KeyID, "code", c.entry.Code, "fault", c.entry.Fault,
			"warnings", c.warnings, "took", took)
	}
}

// work does a call that was read, or not, and gives the finished reply.
func (d *Door) work(c *call, unread error, answer func(*call) (any, error)) fault.Reply {
	if unread != nil {
		c.misfits(unread)
		return d.reply(c, nil, unread)
	}
	result, err := answer(c)
	return d.reply(c, result, err)
}

// deliver sends the reply of a call that no fault has taken.
func (d *Door) deliver(w http.ResponseWriter, r *http.Request, c *call, reply fault.Reply) {
	d.close(r, c, reply)
	if err := reply.Send(w); err != nil {
		c.entry.Abort(journal.AbortedByClient)
	}
}

// answerSafely turns a panic into an internal error: a bug must not look like a
// lost answer.
func (d *Door) answerSafely(c *call) (result any, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in %s: %v\n%s", c.method, p, debug.Stack())
		}
	}()
	return d.answer(c)
}

// answer is the path of a request (README, "How a request flows").
func (d *Door) answer(c *call) (any, error) {
	e, err := d.find(c)
	if err != nil {
		return nil, err
	}
	now, release := d.Clock.Hold()
	defer release()
	if c.caller, err = d.admit(c, e.spec.Roles); err != nil {
		return nil, err
	}
	values, unknown, err := e.spec.Fit(c.parameters, d.Contract.Common)
	if err := d.unknown(c, unknown, err); err != nil {
		return nil, err
	}
	if e.writes {
		defer d.Clock.Wake() // something may be due earlier than before
	}
	return e.run(d.Store, now, c, values)
}

// find gives the method's endpoint (A10).
func (d *Door) find(c *call) (endpoint, error) {
	if c.method == "" {
		c.misfit(journal.Problem{Parameter: "cmd", Missing: true, Allowed: "a method's name, here or in the path", Error: string(vox.ErrMissingCommand)})
		return endpoint{}, vox.ErrMissingCommand
	}
	e, ok := d.methods.endpoints[c.method]
	if !ok {
		c.entry.NotEmulated = d.Contract.NotEmulated(c.method)
		c.entry.UnknownMethod = !c.entry.NotEmulated
		if c.entry.NotEmulated {
			c.warn("not emulated: the real service has the method %s, voxemu does not", c.method)
		}
		return endpoint{}, vox.ErrUnknownCommand
	}
	c.spec = e.spec
	return e, nil
}

// unknown warns about parameters that the method does not know, as the real
// service ignores them (A6); in strict mode they are refused as well, unless the
// real method knows them (x-ignored).
func (d *Door) unknown(c *call, names []string, err error) error {
	var refused vox.Refusals
	if !errors.As(err, &refused) && err != nil {
		return err
	}
	c.misfits(err)
	for _, name := range names {
		if reason, known := c.spec.Ignored[name]; known {
			c.warn("parameter %s of %s has no effect here: %s", name, c.method, reason)
			continue
		}
		name = journal.Name(name)
		c.strange(name)
		c.warn("unknown parameter %s is ignored by %s", name, c.method)
		if d.Strict {
			refused = append(refused, vox.ErrForbiddenParameter.On(name))
		}
	}
	if len(refused) == 0 {
		return nil
	}
	return refused
}

// hint answers what the Go SDK sends when its endpoint lacks the final slash
// (facts.md §1.1).
func (d *Door) hint(w http.ResponseWriter, r *http.Request, segment string) {
	d.converse(w, r, segment, func(c *call) (any, error) {
		c.entry.Style, c.entry.UnknownMethod = "bare", true
		c.warn("the API is under /platform_api/: the client's endpoint must be http://%s/platform_api/ with the final slash", r.Host)
		return nil, vox.ErrUnknownCommand
	})
}
