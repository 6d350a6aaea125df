package fault

import (
	"errors"
	"strconv"
	"time"
)

// Count is a number of requests. In files it is at least 1; 0 is refused because it could
// mean never as well as always. The zero value means not set.
type Count int64

var errCount = errors.New("want an integer of at least 1; leave it out for no limit")

// UnmarshalText reads a decimal integer of at least 1.
func (c *Count) UnmarshalText(text []byte) error {
	n, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil || n < 1 {
		return errCount
	}
	*c = Count(n)
	return nil
}

// UnmarshalJSON reads a JSON number: a whole one of at least 1.
func (c *Count) UnmarshalJSON(text []byte) error { return c.UnmarshalText(text) }

// Duration is a length of time on the emulator's clock. In files it is a text such as
// 200ms, 5s or 1h30m; negative values are refused.
type Duration time.Duration

var errDuration = errors.New("want a duration of at least 0 such as 200ms, 5s or 1h30m")

// String formats the duration like [time.Duration.String].
func (d Duration) String() string { return time.Duration(d).String() }

// MarshalText writes the text that UnmarshalText reads.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the format of [time.ParseDuration].
func (d *Duration) UnmarshalText(text []byte) error {
	parsed, err := time.ParseDuration(string(text))
	if err != nil || parsed < 0 {
		return errDuration
	}
	*d = Duration(parsed)
	return nil
}

// Moment is a time on the emulator's clock: absolute, or relative to the time at which
// the rule was armed (for rules of a scenario: loaded). In files it is a text such as
// 2026-01-31T12:00:00Z, 2026-01-31 or 10m. The zero value means not set.
type Moment struct {
	at       time.Time
	offset   time.Duration
	relative bool
}

var errMoment = errors.New("want a moment such as 2026-01-31T12:00:00Z, or an offset from the load such as 10m")

// At returns an absolute moment.
func At(t time.Time) Moment { return Moment{at: t.UTC()} }

// In returns a moment relative to the time at which the rule is armed.
func In(d time.Duration) Moment { return Moment{offset: d, relative: true} }

// IsZero reports whether the moment is not set.
func (m Moment) IsZero() bool { return !m.relative && m.at.IsZero() }

// Equal reports whether two moments are the same time or the same offset.
func (m Moment) Equal(other Moment) bool {
	return m.relative == other.relative && m.offset == other.offset && m.at.Equal(other.at)
}

// MarshalText writes the text that UnmarshalText reads.
func (m Moment) MarshalText() ([]byte, error) {
	switch {
	case m.IsZero():
		return nil, nil
	case m.relative:
		return []byte(m.offset.String()), nil
	}
	return m.at.AppendFormat(nil, time.RFC3339Nano), nil
}

// UnmarshalText reads RFC 3339, a date, or the format of [time.ParseDuration].
func (m *Moment) UnmarshalText(text []byte) error {
	if offset, err := time.ParseDuration(string(text)); err == nil {
		if offset < 0 {
			return errMoment
		}
		*m = In(offset)
		return nil
	}
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if at, err := time.Parse(layout, string(text)); err == nil {
			*m = At(at)
			return nil
		}
	}
	return errMoment
}

// On returns the time of the moment for a rule that was armed at since.
func (m Moment) On(since time.Time) time.Time {
	if m.relative {
		return since.Add(m.offset)
	}
	return m.at
}
