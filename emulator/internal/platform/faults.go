package platform

import (
	"net/http"
	"strconv"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
)

// claim finds the fault that takes the call; nil: none.
func (d *Door) claim(c *call, r *http.Request) *fault.Claim {
	if d.Faults == nil {
		return nil
	}
	claim := d.Faults.Claim(func() fault.Call { return d.describe(c, r) })
	if claim != nil {
		c.entry.Fault = claim.Rule
	}
	return claim
}

// describe is the call as rules see it.
func (d *Door) describe(c *call, r *http.Request) fault.Call {
	account, key := d.presented(c)
	return fault.Call{
		Method: c.method, Parameters: c.parameters, Account: account, Key: key,
		Header: r.Header, Encoding: c.encoding,
	}
}

// presented is who the caller claims to be. Nothing is verified: faults come
// before identification, as a broken network would.
func (d *Door) presented(c *call) (account int64, key string) {
	if token, ok := c.bearer(); ok {
		return unverified(token)
	}
	if id, err := strconv.ParseInt(c.parameters.Get("account_id"), 10, 64); err == nil {
		return id, ""
	}
	return d.claimed(c), ""
}

// spoil hands the call over to a fault. An error is to be panicked with: the
// connection is to be dropped.
func (d *Door) spoil(w http.ResponseWriter, r *http.Request, c *call, claim *fault.Claim, work func() fault.Reply) error {
	dropped := claim.Act(&fault.Exchange{
		Writer: w, Request: r, Work: work, Sleep: d.Clock.Sleep,
		APIError: func(name, field string) fault.Reply { return d.invented(c, vox.Error(name).On(field)) },
		Sending:  func(reply fault.Reply) { d.close(r, c, reply) },
	})
	if !c.entry.Closed() {
		d.close(r, c, fault.Reply{})
	}
	if dropped != nil {
		c.entry.Abort(journal.AbortedByFault)
	}
	return dropped
}

// invented is the reply with an error that a rule names. The method need not
// list it: a fault is no bug of ours.
func (d *Door) invented(c *call, r vox.Refusal) fault.Reply {
	code, sentence, _ := d.Contract.Explain(r) // rules name known errors only
	e := apiError{Code: code, Msg: sentence, Field: r.Field}
	c.entry.Code, c.entry.Error, c.entry.Field = code, string(r.Name), r.Field
	return refuse(c, errorReply{Error: e, Errors: []apiError{e}})
}
