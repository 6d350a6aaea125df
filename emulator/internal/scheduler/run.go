package scheduler

import (
	"context"
	"time"
)

// Run runs events on time until the context ends. It sleeps until the next event is due,
// without polling; call Wake if something became due earlier. Without Run, events run
// only in CatchUp, Hold, Advance and Set.
func (c *Clock) Run(ctx context.Context) {
	for ctx.Err() == nil {
		alarm, stop := c.alarm()
		select {
		case <-ctx.Done():
		case <-c.woken:
		case <-alarm:
		}
		stop()
	}
}

// alarm runs everything due by now and returns a timer for the next event, or none if the
// clock stands.
func (c *Clock) alarm() (<-chan time.Time, func()) {
	none := func() {}
	if c.isMoving() {
		return nil, none // Advance runs the events and calls Wake at its end
	}
	at, ok := c.upcoming()
	if ok && !at.After(c.Now()) { // requests wait only if something is due
		_ = c.CatchUp() // Postpone has reported the errors
		at, ok = c.upcoming()
	}
	if !ok || c.IsStopped() {
		return nil, none
	}
	timer := time.NewTimer(at.Sub(c.Now()))
	return timer.C, func() { timer.Stop() }
}

// upcoming returns the time of the next event; false if there is none.
func (c *Clock) upcoming() (time.Time, bool) {
	c.running.RLock()
	defer c.running.RUnlock()
	at, agenda := c.next()
	return at, agenda >= 0
}

func (c *Clock) isMoving() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.moving
}

// Wake makes Run check for events that became due earlier than it expects, for example
// after a commit. It never blocks and takes nanoseconds.
func (c *Clock) Wake() {
	select {
	case c.woken <- struct{}{}:
	default: // a wake-up is already pending
	}
}
