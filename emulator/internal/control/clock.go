package control

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Clock is the emulator's time.
type Clock struct {
	Now func() time.Time
	// Mode is live, frozen or offset; nil: not told.
	Mode func() string
	// Advance moves the clock forward and runs what becomes due on the way.
	Advance func(time.Duration) error
	// Set is Advance to a moment, which is not before now.
	Set func(time.Time) error
	// Freeze stops the clock, Resume lets it go on from where it stands.
	Freeze, Resume func() error
}

// ClockState is what the door tells about the clock.
type ClockState struct {
	Now  time.Time `json:"now"`
	Mode string    `json:"mode,omitempty"`
}

func (c Clock) get(context.Context, nothing) (ClockState, error) { return c.State(), nil }

// State is the time and whether it stands.
func (c Clock) State() ClockState {
	s := ClockState{Now: c.Now()}
	if c.Mode != nil {
		s.Mode = c.Mode()
	}
	return s
}

type advanceInput struct {
	Body struct {
		Duration string `json:"duration"`
	}
}

func (c Clock) advance(_ context.Context, in advanceInput) (ClockState, error) {
	span, err := clock.ParseSpan(in.Body.Duration)
	if err != nil {
		return ClockState{}, &Problem{Status: http.StatusBadRequest, Member: "duration", Message: "duration: " + err.Error()}
	}
	now := c.Now()
	if span.After(now).After(latest) {
		return ClockState{}, &Problem{Status: http.StatusUnprocessableEntity, Member: "duration", Message: "duration: leads past " + latest.Format(time.RFC3339)}
	}
	if err := c.Advance(span.After(now).Sub(now)); err != nil {
		return ClockState{}, err
	}
	return c.State(), nil
}

type setInput struct {
	Body struct {
		Now time.Time `json:"now"`
	}
}

// latest is the last moment that the clock may be moved to: the store's indexes
// hold moments until 2262.
var latest = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)

func (c Clock) set(_ context.Context, in setInput) (ClockState, error) {
	now := c.Now()
	switch {
	case in.Body.Now.IsZero():
		return ClockState{}, &Problem{Status: http.StatusBadRequest, Member: "now", Message: "now: required; want a moment such as 2026-03-01T00:00:00Z"}
	case in.Body.Now.After(latest):
		return ClockState{}, &Problem{Status: http.StatusUnprocessableEntity, Member: "now", Message: "now: want a moment before " + latest.Format(time.RFC3339)}
	case in.Body.Now.Before(now):
		return ClockState{}, fmt.Errorf("%w: the clock only goes forward, and it is %s already", vox.ErrConflict, now.Format(time.RFC3339Nano))
	}
	if err := c.Set(in.Body.Now); err != nil {
		return ClockState{}, err
	}
	return c.State(), nil
}

func (c Clock) freeze(context.Context, nothing) (ClockState, error) {
	err := c.Freeze()
	return c.State(), err
}
func (c Clock) resume(context.Context, nothing) (ClockState, error) {
	err := c.Resume()
	return c.State(), err
}
