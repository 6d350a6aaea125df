package platform

import (
	"net/http"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/journal"
)

// maxMisfits bounds the problems and unknown parameters that an entry lists.
const maxMisfits = 64

// open begins the journal's entry.
func (d *Door) open(r *http.Request) *journal.Recording {
	entry := d.Journal.Open(journal.KindCall, d.Clock.Now())
	entry.From(r.Host, r.Proto, r.UserAgent())
	entry.Verb, entry.TLS = r.Method, r.TLS != nil
	return entry
}

// note enters what was read.
func (c *call) note(entry *journal.Recording) {
	c.entry = entry
	entry.Method, entry.Style, entry.Encoding = c.method, c.style, c.encoding
	entry.RequestBytes = c.body.bytes
	entry.Given(c.parameters)
}

// misfits enters what the contract, or the reading before it, refused.
func (c *call) misfits(err error) {
	if err == nil {
		return
	}
	for _, r := range refusals(err) {
		given := c.parameters.Get(r.Field) != ""
		problem := journal.Problem{Parameter: r.Field, Missing: r.Field != "" && !given, Allowed: r.Detail, Error: string(r.Name)}
		if problem.Allowed == "" && c.spec != nil {
			problem.Allowed = c.spec.Allowed(r.Field)
		}
		c.misfit(problem)
	}
}

func (c *call) misfit(p journal.Problem) {
	if len(c.entry.Problems) < maxMisfits {
		c.entry.Problems = append(c.entry.Problems, p)
	}
}

// strange enters a parameter that the method does not know.
func (c *call) strange(name string) {
	if len(c.entry.UnknownParameters) < maxMisfits {
		c.entry.UnknownParameters = append(c.entry.UnknownParameters, name)
	}
}

// close completes the entry of a call that is about to be answered; a status of 0
// stands for no reply at all.
func (d *Door) close(r *http.Request, c *call, reply fault.Reply) {
	entry := c.entry
	entry.AccountID, entry.KeyID = c.caller.AccountID, c.caller.KeyID
	if c.caller.AccountID == 0 {
		entry.Unidentified, entry.AccountID = true, d.claimed(c)
	}
	entry.Warnings = c.warnings
	if reply.Status != 0 {
		entry.Replied(reply.Status, reply.Header.Get("Content-Type"), reply.Body)
	}
	if r.Context().Err() != nil {
		entry.Abort(journal.AbortedByClient)
	}
	entry.Close(d.Clock.Now())
}

// closeUnfinished closes the entry of a call that is left by a panic. Whoever
// leaves on purpose, with http.ErrAbortHandler, says so to entry.Abort before.
func (d *Door) closeUnfinished(entry *journal.Recording) {
	if entry.Closed() {
		return
	}
	entry.Abort(journal.AbortedByPanic)
	entry.Close(d.Clock.Now())
}
