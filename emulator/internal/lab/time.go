package lab

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/internal/scheduler"
	"github.com/voxemu/voxemu/scenarios"
)

// Now returns the emulator's time, in UTC, which is used for everything except the expiry
// of tokens.
func (l *Lab) Now() time.Time { return l.clock.Now() }

// IsClockStopped reports whether the clock moves only on request.
func (l *Lab) IsClockStopped() bool { return l.clock.IsStopped() }

// ClockMode is the mode of the clock.
type ClockMode string

// The modes of the clock.
const (
	ClockLive    ClockMode = "live"    // shows the machine's time
	ClockOffset  ClockMode = "offset"  // live, but moved or stopped before, so that it differs from the machine's
	ClockStopped ClockMode = "stopped" // moves only on request
)

// ClockState is the time and the mode of the clock.
type ClockState struct {
	Now  time.Time `json:"now"`
	Mode ClockMode `json:"mode,omitempty"`
	// Note says what does not follow the clock; empty: everything does.
	Note string `json:"note,omitempty"`
}

// noteReal is the note on real registrations.
const noteReal = "real registrations keep the machine's time: moving or stopping the clock moves no SIP"

// Clock returns the time and the mode of the clock.
func (l *Lab) Clock() ClockState {
	state := ClockState{Now: l.clock.Now(), Mode: ClockLive}
	if len(l.RealPatterns()) > 0 {
		state.Note = noteReal
	}
	switch {
	case l.clock.IsStopped():
		state.Mode = ClockStopped
	case l.clock.Ahead().Abs() >= time.Second:
		state.Mode = ClockOffset
	}
	return state
}

// Advance moves the clock forward by d and runs each event that becomes due at its own
// time. Requests that arrive meanwhile see the current point in time. Several Advances
// run one after the other; a receiver of callbacks must therefore not advance the clock
// while it is being called. Errors: a negative d, a time after the year 2199, or failed
// events; these are logged and postponed by an hour, and the clock has moved. Closing
// interrupt ends the move at the time it has reached, which is an error.
func (l *Lab) Advance(d time.Duration, interrupt <-chan struct{}) error {
	now := l.clock.Now()
	return l.moved(now, l.clock.Advance(d, l.move(now, now.Add(d), interrupt)))
}

// SetTime moves the clock forward to a time, like [Lab.Advance]. Errors: those of
// Advance, and a time in the past.
func (l *Lab) SetTime(at time.Time, interrupt <-chan struct{}) error {
	now := l.clock.Now()
	return l.moved(now, l.clock.Set(at, l.move(now, at, interrupt)))
}

// moved reports how a move from a time has ended.
func (l *Lab) moved(from time.Time, err error) error {
	if errors.Is(err, scheduler.ErrInterrupted) {
		l.publishClock("interrupted", from)
	} else {
		l.publishClock("advanced", from)
	}
	return err
}

// progressEvery is the interval, on the machine's clock, between events that report how
// far a move has come.
const progressEvery = 200 * time.Millisecond

// move reports the progress of a long move.
func (l *Lab) move(from, to time.Time, interrupt <-chan struct{}) scheduler.Move {
	reported := time.Now()
	return scheduler.Move{Interrupt: interrupt, Progress: func(time.Time) {
		if now := time.Now(); now.Sub(reported) >= progressEvery {
			reported = now
			l.publishProgress(from, to)
		}
	}}
}

// StopClock stops the clock at its current time.
func (l *Lab) StopClock() {
	l.clock.Stop()
	l.publishClock("stopped", l.clock.Now())
}

// ResumeClock makes a stopped clock run in real time from its current time.
func (l *Lab) ResumeClock() {
	l.clock.Resume()
	l.publishClock("resumed", l.clock.Now())
}

// RunClock runs events on time until stop is called.
func (l *Lab) RunClock() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { l.clock.Run(ctx) })
	return func() {
		cancel()
		running.Wait()
	}
}

// begin loads a scenario at the time at which it starts. The clock of a new emulator can
// also be set back to that time, because nothing has used it.
func (l *Lab) begin(scenario scenarios.Scenario, names []string) error {
	now, start := l.clock.Now(), scenario.Clock.Start
	set := func(at time.Time) error { return l.clock.Set(at, scheduler.Move{}) }
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
	if !scenario.Clock.Start.IsZero() {
		defer l.publishClock("advanced", now)
	}
	if scenario.Clock.Stops() {
		defer func() { l.publishClock("stopped", l.clock.Now()) }()
		l.clock.Stop() // first, so that it shows exactly the start
	}
	if err := set(start); !errors.Is(err, clock.ErrBack) { // the start has passed during loading
		return err
	}
	return nil
}

func (l *Lab) isNew() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.names == nil
}
