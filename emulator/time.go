package emulator

import (
	"time"
)

// Now is the emulator's time, in UTC. Everything but the expiry of tokens is
// judged by it.
func (s *Server) Now() time.Time { return s.lab.Now() }

// IsClockStopped reports whether the emulator's time stands still until it is told
// to move.
func (s *Server) IsClockStopped() bool { return s.lab.IsClockStopped() }

// Advance moves the emulator's time forward by d. Everything that becomes due on
// the way happens, each event at its own moment, before Advance returns. Calls
// that arrive meanwhile happen at the moment that is under way, as if it had
// been reached by itself. Advances follow each other; a receiver of callbacks
// must therefore not advance the time that has brought it the callback. Errors:
// a negative d, a moment after the year 2199, and events that failed: those are
// logged, put off for an hour, and the time has moved nevertheless.
func (s *Server) Advance(d time.Duration) error { return s.lab.Advance(d) }

// SetTime moves the emulator's time forward to a moment, like [Server.Advance].
// Errors: those of Advance, and a moment that has passed.
func (s *Server) SetTime(at time.Time) error { return s.lab.SetTime(at) }

// StopClock stops the emulator's time where it is.
func (s *Server) StopClock() { s.lab.StopClock() }

// ResumeClock lets the emulator's time run on from where it stands, a second per
// second.
func (s *Server) ResumeClock() { s.lab.ResumeClock() }
