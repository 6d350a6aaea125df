package accounts

import (
	"time"
	_ "time/tzdata" // time zones must not depend on the machine

	"github.com/voxemu/voxemu/emulator/vox"
)

// utc is what the service calls it.
const utc = "Etc/GMT"

// Period is the stretch of time that a history is asked for.
type Period struct {
	From     string `param:"from_date"`
	To       string `param:"to_date"`
	Timezone string `param:"timezone"`
}

// span is a period, read; a zero end is none.
type span struct {
	from, to time.Time
	zone     *time.Location
}

// read gives the period in its time zone.
func (p Period) read() (span, error) {
	zone, err := time.LoadLocation(p.Timezone)
	if err != nil || p.Timezone == "Local" {
		return span{}, vox.ErrInvalidParameter.On("timezone").Because("the name of a time zone such as Europe/Berlin")
	}
	s := span{zone: zone}
	if s.from, err = date("from_date", p.From, zone); err != nil {
		return span{}, err
	}
	if s.to, err = date("to_date", p.To, zone); err != nil {
		return span{}, err
	}
	if !s.from.IsZero() && !s.to.IsZero() && s.to.Before(s.from) {
		return span{}, vox.ErrInvalidDateRange.On("to_date").Because("a moment not before from_date")
	}
	return s, nil
}

// date reads YYYY-MM-DD HH:mm:ss or a day; no text is the zero moment.
func date(field, text string, zone *time.Location) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	layout := time.DateTime
	if len(text) == len(time.DateOnly) {
		layout = time.DateOnly
	}
	at, err := time.ParseInLocation(layout, text, zone)
	if err != nil {
		return time.Time{}, vox.ErrInvalidDate.On(field).Because("YYYY-MM-DD HH:mm:ss")
	}
	return at, nil
}

// has reports whether a moment lies in the period, both ends included.
func (s span) has(at time.Time) bool {
	at = at.Truncate(time.Second) // the API knows no more
	return (s.from.IsZero() || !at.Before(s.from)) && (s.to.IsZero() || !at.After(s.to))
}

// tell writes a moment in the period's time zone.
func (s span) tell(at time.Time) string { return at.In(s.zone).Format(time.DateTime) }

func moment(at time.Time) string { return at.UTC().Format(time.DateTime) }
