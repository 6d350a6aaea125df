// Package clock is the emulator's one notion of time. Everything but the expiry
// of tokens is judged by it. A live clock follows the machine's, a frozen one
// moves only when told to. State does not use timers: rows carry the moment of
// their next event, and the clock runs what is due, in order, before anybody
// looks.
package clock

import (
	"errors"
	"sync"
	"time"
)

// Clock tells the emulator's time, in UTC, and runs what is due by then. It is
// safe for concurrent use.
type Clock struct {
	wall   func() time.Time
	agenda Agenda

	moving sync.Mutex // held while events run, so that they run in order
	mu     sync.Mutex // guards now and ahead
	now    time.Time
	ahead  time.Duration
}

// Agenda is what a clock runs.
type Agenda struct {
	// Next is the moment of the earliest event; false: there is none.
	Next func() (time.Time, bool)
	// Run carries out the earliest event; at is its own moment.
	Run func(at time.Time) error
}

// Live makes a clock that follows the machine's time.
func Live() *Clock { return &Clock{wall: time.Now} }

// Frozen makes a clock that stands at the given moment.
func Frozen(at time.Time) *Clock { return &Clock{now: at.UTC()} }

// Follow sets the agenda; call it before the clock is used.
func (c *Clock) Follow(agenda Agenda) { c.agenda = agenda }

// Now is the emulator's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.wall != nil {
		return c.wall().Add(c.ahead).UTC()
	}
	return c.now
}

// CatchUp runs everything that is due by now, in order, and returns when it is
// done, including what those events made due.
func (c *Clock) CatchUp() error {
	c.moving.Lock()
	defer c.moving.Unlock()
	return c.runUntil(c.Now())
}

// Advance moves the clock forward by d and runs what becomes due on the way.
// A negative d is refused: time does not go back.
func (c *Clock) Advance(d time.Duration) error {
	if d < 0 {
		return errors.New("the clock only goes forward: want a duration of at least 0")
	}
	c.moving.Lock()
	defer c.moving.Unlock()
	target := c.Now().Add(d)
	if err := c.runUntil(target); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now, c.ahead = target, c.ahead+d
	return nil
}

func (c *Clock) runUntil(target time.Time) error {
	if c.agenda.Next == nil {
		return nil
	}
	for {
		at, ok := c.agenda.Next()
		if !ok || at.After(target) {
			return nil
		}
		if err := c.agenda.Run(at); err != nil {
			return err
		}
	}
}
