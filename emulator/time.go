package emulator

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/internal/scheduler"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/scenarios"
)

// Now is the emulator's time, in UTC. Everything but the expiry of tokens is
// judged by it.
func (s *Server) Now() time.Time { return s.clock.Now() }

// IsClockStopped reports whether the emulator's time stands still until it is told
// to move.
func (s *Server) IsClockStopped() bool { return s.clock.IsStopped() }

// Advance moves the emulator's time forward by d. Everything that becomes due on
// the way happens, each event at its own moment, before Advance returns. Calls
// that arrive meanwhile happen at the moment that is under way, as if it had
// been reached by itself. Advances follow each other; a receiver of callbacks
// must therefore not advance the time that has brought it the callback. Errors:
// a negative d, a moment after the year 2199, and events that failed: those are
// logged, put off for an hour, and the time has moved nevertheless.
func (s *Server) Advance(d time.Duration) error {
	defer s.tellClock()
	return s.clock.Advance(d)
}

// SetTime moves the emulator's time forward to a moment, like [Server.Advance].
// Errors: those of Advance, and a moment that has passed.
func (s *Server) SetTime(at time.Time) error {
	defer s.tellClock()
	return s.clock.Set(at)
}

// StopClock stops the emulator's time where it is.
func (s *Server) StopClock() {
	s.clock.Stop()
	s.tellClock()
}

// ResumeClock lets the emulator's time run on from where it stands, a second per
// second.
func (s *Server) ResumeClock() {
	s.clock.Resume()
	s.tellClock()
}

// runClock keeps the clock punctual until the function that it gives is called.
func (s *Server) runClock() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { s.clock.Run(ctx) })
	return func() {
		cancel()
		running.Wait()
	}
}

// begin loads a scenario at the time at which it begins. Nobody has seen the
// time of a new emulator, so that begins wherever its scenario says.
func (s *Server) begin(scenario scenarios.Scenario, names []string) error {
	now, start, set := s.clock.Now(), scenario.Clock.Start, s.clock.Set
	switch {
	case start.IsZero():
		start, set = now, func(time.Time) error { return nil }
	case s.isNew():
		set = s.clock.Begin
	case start.Before(now):
		return fmt.Errorf("the scenario's clock.start %s has passed, it is %s: %w; start another emulator",
			start.Format(time.RFC3339), now.Format(time.RFC3339), clock.ErrBack)
	}
	if err := s.seed(start, scenario, names); err != nil {
		return err
	}
	defer s.tellClock()
	if scenario.Clock.Stopped {
		s.clock.Stop() // before it is set, so that it stands at the start exactly
	}
	if err := set(start); !errors.Is(err, clock.ErrBack) { // else the start has passed while loading
		return err
	}
	return nil
}

// isNew reports whether nothing was loaded yet.
func (s *Server) isNew() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.names == nil
}

// change runs fn in a transaction of its own, after everything that is due. The
// error is fn's.
func (s *Server) change(fn func(*store.Tx) error) error {
	now, release := s.clock.Hold()
	defer release()
	defer s.clock.Wake() // something may be due earlier than before
	return s.store.Write(now, fn)
}

// agenda runs each event in a transaction of its own, at its own moment. An
// event that fails is our bug: it is logged with its reason, and put off by
// postpone so that it does not keep the others from happening; without a postpone
// the whole agenda rests.
func (s *Server) agenda(name string, next func(*store.Tx) (time.Time, bool), run, postpone func(*store.Tx) error) scheduler.Agenda {
	return scheduler.Agenda{
		Next: s.remembered(next),
		Run:  func(at time.Time) error { return s.store.Write(at, unpanicked(run)) },
		Postpone: func(at time.Time, cause error) error {
			s.logger.Error("an event failed and is put off", "agenda", name, "at", at, "error", cause)
			if postpone == nil {
				return cause
			}
			return s.store.Write(at, unpanicked(postpone))
		},
	}
}

// remembered asks again for the moment of the next event only after something was
// committed: every call asks.
func (s *Server) remembered(next func(*store.Tx) (time.Time, bool)) func() (time.Time, bool) {
	type answer struct {
		commits uint64 // before it was asked for
		at      time.Time
		ok      bool
	}
	var last atomic.Pointer[answer]
	return func() (time.Time, bool) {
		commits := s.store.Commits()
		if known := last.Load(); known != nil && known.commits == commits {
			return known.at, known.ok
		}
		fresh := &answer{commits: commits}
		_ = s.store.Read(time.Time{}, func(tx *store.Tx) error { // the function returns no error
			fresh.at, fresh.ok = next(tx)
			return nil
		})
		last.Store(fresh)
		return fresh.at, fresh.ok
	}
}

// unpanicked turns a panic into an error: an event that fails must not take the
// program with it.
func unpanicked(fn func(*store.Tx) error) func(*store.Tx) error {
	return func(tx *store.Tx) (err error) {
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
			}
		}()
		return fn(tx)
	}
}
