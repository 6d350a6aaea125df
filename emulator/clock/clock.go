// Package clock describes the emulator's time: the clock that a server begins
// with, and lengths of time that count calendar months.
//
//	emu, err := emulator.New(emulator.WithClock(clock.Stopped(noon)))
//	…
//	err = emu.Advance(31 * 24 * time.Hour) // a month of renewals, at once
//
// A live clock follows the machine's; a stopped one moves only when told to, by
// [emulator.Server.Advance], [emulator.Server.SetTime] or the control API. Both
// only go forward. Everything but the expiry of tokens is judged by the
// emulator's time, and whatever becomes due on the way happens at its own moment.
//
// [ParseSpan] reads the lengths that `voxemu advance` takes:
//
//	span, err := clock.ParseSpan("1mo2d3h")
//	due := span.After(time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)) // 2 March, 03:00
package clock

import (
	"errors"
	"time"
)

// Setting is a clock that a server begins with. The zero value is [Live].
type Setting struct {
	// At is the moment at which the clock begins, between 1970 and 2199.
	// Default: the machine's time, unless the clock is stopped.
	At time.Time
	// Stopped clocks stand still until they are told to move.
	Stopped bool
}

// Live is a clock that follows the machine's time.
func Live() Setting { return Setting{} }

// Stopped is a clock that stands still at a moment until it is told to move.
func Stopped(at time.Time) Setting { return Setting{At: at, Stopped: true} }

// ErrBack refuses to turn the clock back.
var ErrBack = errors.New("the emulator's time only goes forward")
