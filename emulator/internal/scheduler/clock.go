// Package scheduler runs the emulator's clock and what becomes due by it. State
// does not use timers: rows carry the moment of their next event, and the clock
// runs what is due, in order, before anybody looks.
package scheduler

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/voxemu/voxemu/emulator/clock"
)

// Clock keeps the emulator's time, in UTC, and runs what is due by then. It
// never goes back, whatever the machine's clock does. It is safe for concurrent
// use.
type Clock struct {
	agendas []Agenda
	woken   chan struct{} // tells Run to look again

	// advancing is held from the beginning to the end of one Advance or Set, so
	// that they follow each other. Calls do not wait for it.
	advancing sync.Mutex
	// running is held while the events of a moment run, and read-held by calls:
	// see Hold.
	running sync.RWMutex
	rests   []time.Time // by agenda, guarded by running: see Agenda.Postpone

	mu      sync.Mutex    // guards what follows
	now     time.Time     // the latest moment told; a standing clock stands there
	ahead   time.Duration // of the machine's clock, unless it stands
	stopped bool
	moving  bool // an Advance or Set is under way; the clock stands between its steps
	moves   uint64
}

// end is what no clock goes beyond: moments are kept as nanoseconds in 64 bits.
var end = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)

// New makes a clock as set. Error: a moment out of bounds.
func New(set clock.Setting) (*Clock, error) {
	c := &Clock{woken: make(chan struct{}, 1)}
	if set != clock.Live() {
		if err := c.Begin(set.At); err != nil {
			return nil, err
		}
	}
	c.stopped = set.Stopped
	return c, nil
}

// Begin puts the clock at a moment, which may lie before its own: call it before
// the clock is used. A live clock runs on from there. Error: a moment out of
// bounds.
func (c *Clock) Begin(at time.Time) error {
	if err := within(at); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = at.UTC()
	c.ahead = time.Until(c.now)
	c.moves++
	return nil
}

// Now is the emulator's time. While an Advance is under way it is the moment of
// the events that run.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.read()
}

func (c *Clock) read() time.Time {
	if c.stopped || c.moving {
		return c.now
	}
	if t := time.Now().Add(c.ahead).UTC(); t.After(c.now) {
		c.now = t
	}
	return c.now
}

// IsStopped reports whether the clock moves only on request.
func (c *Clock) IsStopped() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stopped
}

// Ahead is how far the clock is ahead of the machine's now; negative: behind.
func (c *Clock) Ahead() time.Duration { return time.Until(c.Now()) }

// Stop stops the clock where it is; a stopped one stays so.
func (c *Clock) Stop() {
	c.mu.Lock()
	c.now, c.stopped = c.read(), true
	c.moves++
	c.mu.Unlock()
	c.Wake()
}

// FollowsMachine reports whether the clock shows the machine's time: it is live
// and was never moved nor stopped.
func (c *Clock) FollowsMachine() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.stopped && !c.moving && c.ahead == 0
}

// Moves counts how often the clock was moved, stopped or let go.
func (c *Clock) Moves() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.moves
}

// Resume lets a stopped clock run on, with the machine's speed, from where it
// stands; a live one runs on.
func (c *Clock) Resume() {
	c.mu.Lock()
	if c.stopped {
		c.stopped = false
		c.ahead = time.Until(c.now)
		c.moves++
	}
	c.mu.Unlock()
	c.Wake()
}

// Advance moves the clock forward by d and runs what becomes due on the way,
// each event at its own moment, including what those events made due. Calls that
// arrive meanwhile happen at the moment that is under way: see Hold. Errors: a
// negative d, a moment after the year 2199, and events that failed; these have
// been put off and the clock has moved nevertheless.
func (c *Clock) Advance(d time.Duration) error {
	if d < 0 {
		return fmt.Errorf("advance by %v: %w", d, clock.ErrBack)
	}
	c.advancing.Lock()
	defer c.advancing.Unlock()
	return c.moveTo(c.Now().Add(d))
}

// Set moves the clock forward to a moment, like Advance. Errors: those of
// Advance, and a moment that has passed.
func (c *Clock) Set(at time.Time) error {
	c.advancing.Lock()
	defer c.advancing.Unlock()
	if now := c.Now(); at.Before(now) {
		return fmt.Errorf("set to %s, which lies before %s: %w", at.Format(time.RFC3339Nano), now.Format(time.RFC3339Nano), clock.ErrBack)
	}
	return c.moveTo(at.UTC())
}

// within refuses moments that the store cannot keep.
func within(at time.Time) error {
	if at.Unix() < 0 || !at.Before(end) {
		return errors.New("the emulator's time must be from 1970-01-01 to 2199-12-31")
	}
	return nil
}
