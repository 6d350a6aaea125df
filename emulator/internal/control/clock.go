package control

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/internal/lab"
	"github.com/voxemu/voxemu/emulator/vox"
)

// latest is the maximum time of the clock. The store's indexes hold times up to 2262.
var latest = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)

func (a *API) getClock(nothing) (lab.ClockState, error) { return a.Lab.Clock(), nil }

type dueInput struct {
	Until time.Time `query:"until"`
}

func (a *API) listDue(in dueInput) (lab.Due, error) { return a.Lab.DueUntil(in.Until), nil }

type advanceInput struct {
	Body struct {
		Duration string `json:"duration"`
		Anchor   int    `json:"anchor"`
	}
}

func (a *API) advanceClock(ctx context.Context, in advanceInput) (lab.ClockState, error) {
	span, err := clock.ParseSpan(in.Body.Duration)
	if err != nil {
		return lab.ClockState{}, &Problem{Status: http.StatusBadRequest, Member: "duration", Message: "duration: " + err.Error()}
	}
	if in.Body.Anchor != 0 && (in.Body.Anchor < 1 || in.Body.Anchor > 31 || span.Months == 0) {
		return lab.ClockState{}, &Problem{Status: http.StatusUnprocessableEntity, Member: "anchor", Message: "anchor: want the day of the month that months keep, from 1 to 31, with a duration of months or years"}
	}
	span.Anchor = in.Body.Anchor
	now := a.Lab.Now()
	if span.After(now).After(latest) {
		return lab.ClockState{}, &Problem{Status: http.StatusUnprocessableEntity, Member: "duration", Message: "duration: leads past " + latest.Format(time.RFC3339)}
	}
	if err := a.Lab.Advance(span.After(now).Sub(now), ctx.Done()); err != nil {
		return lab.ClockState{}, err
	}
	return a.Lab.Clock(), nil
}

type setClockInput struct {
	Body struct {
		Now time.Time `json:"now"`
	}
}

func (a *API) setClock(ctx context.Context, in setClockInput) (lab.ClockState, error) {
	now := a.Lab.Now()
	switch {
	case in.Body.Now.IsZero():
		return lab.ClockState{}, &Problem{Status: http.StatusBadRequest, Member: "now", Message: "now: required; want a moment such as 2026-03-01T00:00:00Z"}
	case in.Body.Now.After(latest):
		return lab.ClockState{}, &Problem{Status: http.StatusUnprocessableEntity, Member: "now", Message: "now: want a moment before " + latest.Format(time.RFC3339)}
	case in.Body.Now.Before(now):
		return lab.ClockState{}, fmt.Errorf("%w: the clock only goes forward, and it is %s already", vox.ErrConflict, now.Format(time.RFC3339Nano))
	}
	if err := a.Lab.SetTime(in.Body.Now, ctx.Done()); err != nil {
		return lab.ClockState{}, err
	}
	return a.Lab.Clock(), nil
}

func (a *API) stopClock(nothing) (lab.ClockState, error) {
	a.Lab.StopClock()
	return a.Lab.Clock(), nil
}

func (a *API) resumeClock(nothing) (lab.ClockState, error) {
	a.Lab.ResumeClock()
	return a.Lab.Clock(), nil
}
