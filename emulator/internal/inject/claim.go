package inject

import (
	"math/rand/v2"
	"time"
)

// Claim is a call that a rule has taken.
type Claim struct {
	// Rule is the rule's name.
	Rule string
	// Kind is the fault's name in files, for example api_error.
	Kind string
	// Number is the call's number among those that the rule counts, from 1.
	Number int64

	armed  *armed
	random *rand.Rand    // this call's own sequence
	wait   time.Duration // until a rate limit lets the caller through
}

// Act answers the exchange as the rule says. The error is
// [net/http.ErrAbortHandler] when the caller has to panic with it, once its own
// books are closed, so that net/http drops the connection or stream; otherwise
// nil.
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
