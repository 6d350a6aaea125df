package lab

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/scenarios"
)

// Now is the emulator's time, in UTC. Everything but the expiry of tokens is
// judged by it.
func (l *Lab) Now() time.Time { return l.clock.Now() }

// IsClockStopped reports whether the emulator's time stands still until it is told
// to move.
func (l *Lab) IsClockStopped() bool { return l.clock.IsStopped() }

// ClockMode is how the clock goes.
type ClockMode string

// The modes.
const (
	ClockLive    ClockMode = "live"    // with the machine's
	ClockOffset  ClockMode = "offset"  // beside the machine's: it was moved, or stopped for a while
	ClockStopped ClockMode = "stopped" // not at all
)

// ClockState is the time and how it goes.
type ClockState struct {
	Now  time.Time `json:"now"`
	Mode ClockMode `json:"mode,omitempty"`
}

// Clock is the time and how it goes.
func (l *Lab) Clock() ClockState {
	state := ClockState{l.clock.Now(), ClockLive}
	switch {
	case l.clock.IsStopped():
		state.Mode = ClockStopped
	case l.clock.Ahead().Abs() >= time.Second:
		state.Mode = ClockOffset
	}
	return state
}

// Advance moves the emulator's time forward by d. Everything that becomes due on
// the way happens, each event at its own moment, before Advance returns. Calls
// that arrive meanwhile happen at the moment that is under way, as if it had
// been reached by itself. Advances follow each other; a receiver of callbacks
// must therefore not advance the time that has brought it the callback. Errors:
// a negative d, a moment after the year 2199, and events that failed: those are
// logged, put off for an hour, and the time has moved nevertheless.
func (l *Lab) Advance(d time.Duration) error {
	defer l.publishClock()
	return l.clock.Advance(d)
}

// SetTime moves the emulator's time forward to a moment, like [Lab.Advance].
// Errors: those of Advance, and a moment that has passed.
func (l *Lab) SetTime(at time.Time) error {
	defer l.publishClock()
	return l.clock.Set(at)
}

// StopClock stops the emulator's time where it is.
func (l *Lab) StopClock() {
	l.clock.Stop()
	l.publishClock()
}

// ResumeClock lets the emulator's time run on from where it stands, a second per
// second.
func (l *Lab) ResumeClock() {
	l.clock.Resume()
	l.publishClock()
}

// RunClock keeps the clock punctual until the function that it gives is called.
func (l *Lab) RunClock() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { l.clock.Run(ctx) })
	return func() {
		cancel()
		running.Wait()
	}
}

// begin loads a scenario at the time at which it begins. Nobody has seen the
// time of a new emulator, so that begins wherever its scenario says.
func (l *Lab) begin(scenario scenarios.Scenario, names []string) error {
	now, start, set := l.clock.Now(), scenario.Clock.Start, l.clock.Set
	switch {
	case start.IsZero():
		start, set = now, func(time.Time) error { return nil }
	case l.isNew():
		set = l.clock.Begin
	case start.Before(now):
		return fmt.Errorf("the scenario's clock.start %s has passed, it is %s: %w; start another emulator",
			start.Format(time.RFC3339), now.Format(time.RFC3339), clock.ErrBack)
	}
	if err := l.seed(start, scenario, names); err != nil {
		return err
	}
	defer l.publishClock()
	if scenario.Clock.Stopped {
		l.clock.Stop() // before it is set, so that it stands at the start exactly
	}
	if err := set(start); !errors.Is(err, clock.ErrBack) { // else the start has passed while loading
		return err
	}
	return nil
}

// isNew reports whether nothing was loaded yet.
func (l *Lab) isNew() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.names == nil
}
