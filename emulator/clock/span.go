package clock

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Span is a length of time that can include calendar months, as subscriptions do.
type Span struct {
	// Months are calendar months; see [Span.After].
	Months int
	// Anchor is the day of the month that months keep, from 1 to 31, or the last one of a
	// shorter month; default: the day from which the months are counted. With it, one month
	// after 28 February can be 31 March.
	Anchor int
	// Rest is added after the months; a day is 24 hours.
	Rest time.Duration
}

const (
	day  = 24 * time.Hour
	week = 7 * day
	// maxMonths is 100 years, so that the year of a result keeps four digits.
	maxMonths = 1200
	maxRest   = 36525 * day
)

// ParseSpan reads a span: whole years, calendar months, weeks and days in this order,
// then a Go duration, for example 90s, 31d, 1w, 1y or 1mo2d3h30m. A year is twelve
// months. Months and Rest are at most 100 years each; negative spans are errors. The
// error states what is allowed.
func ParseSpan(text string) (Span, error) {
	if strings.HasPrefix(text, "-") {
		return Span{}, fmt.Errorf("%q is negative, and time only goes forward: want for example 31d", text)
	}
	years, rest, hasYears := leading(text, "y", maxMonths/12)
	months, rest, hasMonths := leading(rest, "mo", maxMonths)
	weeks, rest, hasWeeks := leading(rest, "w", int64(maxRest/week))
	days, rest, hasDays := leading(rest, "d", int64(maxRest/day))
	span := Span{Months: int(12*years + months), Rest: time.Duration(weeks)*week + time.Duration(days)*day}
	tooLong := min(years, months, weeks, days) < 0 || span.Months > maxMonths || span.Rest > maxRest
	if !tooLong && rest == "" && (hasYears || hasMonths || hasWeeks || hasDays) {
		return span, nil
	}
	d, err := time.ParseDuration(rest)
	switch {
	case !tooLong && (err != nil || strings.ContainsAny(rest, "+-")):
		return Span{}, fmt.Errorf("%q is not a length of time; want for example 90s, 1h30m, 31d, 1w, 1mo, 1y or 1mo2d3h (years, months, weeks, days, then a Go duration)", text)
	case tooLong || d > maxRest-span.Rest:
		return Span{}, fmt.Errorf("%q is too long: want at most %dmo and %dd", text, maxMonths, maxRest/day)
	}
	span.Rest += d
	return span, nil
}

// leading cuts a whole number and its unit from the start of a text. If the text does not
// start so, found is false and rest is the text. n is -1 if the number is above most.
func leading(text, unit string, most int64) (n int64, rest string, found bool) {
	digits := text[:len(text)-len(strings.TrimLeft(text, "0123456789"))]
	rest, found = strings.CutPrefix(text[len(digits):], unit)
	if digits == "" || !found {
		return 0, text, false
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n > most {
		return -1, rest, true
	}
	return n, rest, true
}

// After returns the time one span after t, in UTC. Months are added first; if the month
// lacks the day, its last day is used: one month after 31 January is 28 or 29 February,
// as for subscriptions.
func (s Span) After(t time.Time) time.Time {
	t = t.UTC()
	first := time.Date(t.Year(), t.Month()+time.Month(s.Months), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	date := first.AddDate(0, 0, min(cmp.Or(s.Anchor, t.Day()), last)-1)
	sinceMidnight := t.Sub(t.Truncate(day))
	return date.Add(sinceMidnight).Add(s.Rest)
}

// String returns a text that [ParseSpan] reads.
func (s Span) String() string {
	text := ""
	if s.Months != 0 {
		text = strconv.Itoa(s.Months) + "mo"
	}
	days, rest := s.Rest/day, s.Rest%day
	if days != 0 {
		text += strconv.FormatInt(int64(days), 10) + "d"
	}
	if rest != 0 || text == "" {
		text += rest.String()
	}
	return text
}
