package scheduler

import (
	"context"
	"time"
)

// Run keeps the clock punctual until the context ends: it sleeps until the next
// event is due and runs it, without polling. Whoever makes something due earlier
// calls Wake. Without Run, events happen when somebody looks: see Hold.
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

// alarm runs what is due by now and sets an alarm for the next event; none when
// the clock stands still.
func (c *Clock) alarm() (<-chan time.Time, func()) {
	none := func() {}
	if c.isMoving() {
		return nil, none // Advance runs the events, and wakes us at its end
	}
	at, ok := c.upcoming()
	if ok && !at.After(c.Now()) { // else calls need not make room
		_ = c.CatchUp() // whoever postpones an event has reported why
		at, ok = c.upcoming()
	}
	if !ok || c.IsStopped() {
		return nil, none
	}
	timer := time.NewTimer(at.Sub(c.Now()))
	return timer.C, func() { timer.Stop() }
}

// upcoming is the moment of the next event; false: there is none.
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

// Wake tells Run that something may have become due earlier than it knows, after
// a commit for example. It never waits and costs nanoseconds.
func (c *Clock) Wake() {
	select {
	case c.woken <- struct{}{}:
	default: // it is about to look anyway
	}
}
