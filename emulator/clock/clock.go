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
	wall    func() time.Time
	agendas []Agenda

	moving sync.Mutex // held while events run, so that they run in order
	mu     sync.Mutex // guards now and ahead
	now    time.Time
	ahead  time.Duration
}

// Agenda is a list of events that a clock runs.
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

// Follow sets the agendas; call it before the clock is used. The earliest event
// of all comes first, and of several at the same moment that of the first agenda.
func (c *Clock) Follow(agendas ...Agenda) { c.agendas = agendas }

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
	for {
		at, run := c.next()
		if run == nil || at.After(target) {
			return nil
		}
		if err := run(at); err != nil {
			return err
		}
	}
}

// next is the earliest event; nil: there is none.
func (c *Clock) next() (earliest time.Time, run func(time.Time) error) {
	for _, a := range c.agendas {
		if at, ok := a.Next(); ok && (run == nil || at.Before(earliest)) {
			earliest, run = at, a.Run
		}
	}
	return earliest, run
}
