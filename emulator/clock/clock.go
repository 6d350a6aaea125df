// Package clock defines how the emulator's clock starts, and spans of time in calendar
// months.
//
//	emu, err := emulator.New(emulator.WithClock(clock.Stopped(noon)))
//	…
//	err = emu.Advance(31 * 24 * time.Hour) // runs the renewals of a month
//
// A live clock follows the machine's clock. A stopped clock moves only through
// [emulator.Server.Advance], [emulator.Server.SetTime] or the control API. Both kinds
// only move forward. The emulator uses this clock for everything except the expiry of
// tokens, and runs each event that becomes due at its own time.
//
// [ParseSpan] reads the spans that `voxemu advance` accepts:
//
//	span, err := clock.ParseSpan("1mo2d3h")
//	due := span.After(time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)) // 2 March, 03:00
package clock

import (
	"errors"
	"time"
)

// Setting is the initial state of a clock. The zero value is [Live].
type Setting struct {
	// At is the initial time, between the years 1970 and 2199. Default: the machine's
	// time; required if Stopped.
	At time.Time
	// Stopped reports whether the clock stands still until it is moved.
	Stopped bool
}

// Live returns a clock that follows the machine's time.
func Live() Setting { return Setting{} }

// Stopped returns a clock that stands still at a time until it is moved.
func Stopped(at time.Time) Setting { return Setting{At: at, Stopped: true} }

// ErrBack reports an attempt to move the clock back.
var ErrBack = errors.New("the emulator's time only goes forward")
