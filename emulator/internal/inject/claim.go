package inject

import (
	"math/rand/v2"
	"time"
)

// Claim is a request to which a rule is applied.
type Claim struct {
	// Rule is the name of the rule.
	Rule string
	// Kind is the name of the fault in files, for example api_error.
	Kind string
	// Kinds are the names of the fault and of a delay beside it; do not change them.
	Kinds []string
	// Number is the request's number among those that the rule counts, from 1.
	Number int64

	armed  *armed
	random *rand.Rand    // the random numbers of this request
	wait   time.Duration // until a rate limit allows the caller again
}

// Act replies to the exchange as the rule requires. The error is nil or
// [net/http.ErrAbortHandler]. In the latter case, the caller must finish its own work and
// then panic with it, so that net/http drops the connection or stream.
func (c *Claim) Act(x *Exchange) error {
	x.claim = c
	if c.armed.rule.After {
		x.real()
	}
	if c.armed.delay != nil {
		if err := x.pause(draw(*c.armed.delay, c.random)); err != nil {
			return err
		}
	}
	return act(c.armed.kind, x)
}
