package emulator

import (
	"time"
)

// Now returns the emulator's time, in UTC, which is used for everything except the expiry
// of tokens.
func (s *Server) Now() time.Time { return s.lab.Now() }

// IsClockStopped reports whether the clock moves only on request.
func (s *Server) IsClockStopped() bool { return s.lab.IsClockStopped() }

// Advance moves the clock forward by d and runs each event that becomes due at its own
// time. Requests that arrive meanwhile see the current point in time. Several Advances
// run one after the other; a receiver of callbacks must therefore not advance the clock
// while it is being called. Errors: a negative d, a time after the year 2199, or failed
// events; these are logged and postponed by an hour, and the clock has moved.
func (s *Server) Advance(d time.Duration) error { return s.lab.Advance(d, nil) }

// SetTime moves the clock forward to a time, like [Server.Advance]. Errors: those of
// Advance, and a time in the past.
func (s *Server) SetTime(at time.Time) error { return s.lab.SetTime(at, nil) }

// StopClock stops the clock at its current time.
func (s *Server) StopClock() { s.lab.StopClock() }

// ResumeClock makes a stopped clock run in real time from its current time.
func (s *Server) ResumeClock() { s.lab.ResumeClock() }
