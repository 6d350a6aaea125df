// Package scheduler is the emulator's clock and runs events when they are due. State has
// no timers: rows contain the time of their next event, and the clock runs all due
// events, in order, before state is read or changed.
package scheduler

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/voxemu/voxemu/emulator/clock"
)

// Clock is the emulator's time, in UTC; it runs events that are due. It never goes back,
// even if the machine's clock does. It is safe for concurrent use.
type Clock struct {
	agendas []Agenda
	woken   chan struct{} // makes Run check again

	// advancing has one place, which is taken during an Advance or Set, so that they run
	// one after the other. Requests do not wait for it.
	advancing chan struct{}
	// running is held while events of a point in time run, and read-locked by requests:
	// see Hold.
	running sync.RWMutex
	rests   []time.Time // by agenda, guarded by running: see Agenda.Postpone

	mu      sync.Mutex    // guards the fields below
	now     time.Time     // the latest time returned, or the time of a standing clock
	ahead   time.Duration // of the machine's clock, unless the clock stands
	stopped bool
	moving  bool // an Advance or Set is running; the clock stands between its steps
	moves   uint64
}

// end is the limit of all clocks: times are stored as nanoseconds in 64 bits.
var end = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)

// New returns a clock with the given setting. It returns an error if the time is out of
// range.
func New(set clock.Setting) (*Clock, error) {
	c := &Clock{woken: make(chan struct{}, 1), advancing: make(chan struct{}, 1)}
	if set != clock.Live() {
		if err := c.Begin(set.At); err != nil {
			return nil, err
		}
	}
	c.stopped = set.Stopped
	return c, nil
}

// Begin sets the clock to a time, which may be before its current one: call it before the
// clock is used. A live clock continues from there. It returns an error if the time is
// out of range.
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

// Now returns the emulator's time. During an Advance it is the time of the running
// events.
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

// Ahead returns how far the clock is ahead of the machine's; negative: behind.
func (c *Clock) Ahead() time.Duration { return time.Until(c.Now()) }

// Stop stops the clock at its current time. It has no effect on a stopped clock.
func (c *Clock) Stop() {
	c.mu.Lock()
	c.now, c.stopped = c.read(), true
	c.moves++
	c.mu.Unlock()
	c.Wake()
}

// FollowsMachine reports whether the clock shows the machine's time: it is live and was
// never moved or stopped.
func (c *Clock) FollowsMachine() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.stopped && !c.moving && c.ahead == 0
}

// Moves returns how often the clock was moved, stopped or resumed.
func (c *Clock) Moves() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.moves
}

// Resume makes a stopped clock run from its current time. It has no effect on a live one.
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

// Advance moves the clock forward by d and runs each event that becomes due at its own
// time, including what these events make due. Requests that arrive meanwhile see the
// current point in time: see Hold. Errors: a negative d, a time after the year 2199, or
// failed events; these have been postponed, and the clock has moved.
func (c *Clock) Advance(d time.Duration, m Move) error {
	if d < 0 {
		return fmt.Errorf("advance by %v: %w", d, clock.ErrBack)
	}
	if err := c.take(m); err != nil {
		return err
	}
	defer c.release()
	return c.moveTo(c.Now().Add(d), m)
}

// Set moves the clock forward to a time, like Advance. Errors: those of Advance, and a
// time in the past.
func (c *Clock) Set(at time.Time, m Move) error {
	if err := c.take(m); err != nil {
		return err
	}
	defer c.release()
	if now := c.Now(); at.Before(now) {
		return fmt.Errorf("set to %s, which lies before %s: %w", at.Format(time.RFC3339Nano), now.Format(time.RFC3339Nano), clock.ErrBack)
	}
	return c.moveTo(at.UTC(), m)
}

// Move is what the caller of an Advance or a Set wants of it; the zero value is nothing.
type Move struct {
	// Interrupt ends the move before its next event when it is closed.
	Interrupt <-chan struct{}
	// Progress is called after the events of each point in time, with the clock there.
	Progress func(at time.Time)
}

// ErrInterrupted is the error of a move that was interrupted: everything up to the
// clock's time has happened, nothing after it.
var ErrInterrupted = errors.New("interrupted")

func (m Move) isInterrupted() bool {
	select {
	case <-m.Interrupt:
		return true
	default:
		return false
	}
}

// take waits for other moves.
func (c *Clock) take(m Move) error {
	select {
	case c.advancing <- struct{}{}:
		return nil
	case <-m.Interrupt:
		return fmt.Errorf("%w before it began", ErrInterrupted)
	}
}

func (c *Clock) release() { <-c.advancing }

// within returns an error for times that the store cannot keep.
func within(at time.Time) error {
	if at.Unix() < 0 || !at.Before(end) {
		return errors.New("the emulator's time must be from 1970-01-01 to 2199-12-31")
	}
	return nil
}
