package clock_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/voxemu/voxemu/emulator/clock"
)

func TestASpanCountsMonthsDaysAndTheRest(t *testing.T) {
	const day = 24 * time.Hour
	for text, want := range map[string]clock.Span{
		"90s": {Rest: 90 * time.Second}, "31d": {Rest: 31 * day}, "0": {}, "0d": {}, "5m": {Rest: 5 * time.Minute},
		"1mo": {Months: 1}, "1mo2d3h": {Months: 1, Rest: 2*day + 3*time.Hour}, "12mo1.5h": {Months: 12, Rest: 90 * time.Minute},
		"1mo5m": {Months: 1, Rest: 5 * time.Minute}, "1200mo36525d": {Months: 1200, Rest: 36525 * day}, "10ms": {Rest: 10 * time.Millisecond},
		"1w": {Rest: 7 * day}, "1y": {Months: 12}, "1y1mo1w1d1h": {Months: 13, Rest: 8*day + time.Hour}, "100y": {Months: 1200}, "5217w": {Rest: 5217 * 7 * day},
	} {
		if got, err := clock.ParseSpan(text); err != nil || got != want {
			t.Errorf("%q: %+v, %v; want %+v", text, got, err, want)
		}
	}
}

func TestWhatIsNoSpanIsRefusedWithWhatIsAllowed(t *testing.T) {
	for _, text := range []string{
		"", " ", "d", "mo", "1", "-1h", "+1h", "1mo-1h", "-1d", "1d1mo", "1mo1mo", "1.5d", "1.5y", "1d1w", "1mo1y", "100y1mo", "101y", "5218w", "5217w7d", "tomorrow", "1h ", "1d 1h",
		"1201mo", "36526d", "36525d1ns", "99999999999999999999d", "999999h999999h",
	} {
		if got, err := clock.ParseSpan(text); err == nil || !strings.Contains(err.Error(), "want") {
			t.Errorf("%q: %+v, error %v", text, got, err)
		}
	}
}

func TestAMonthEndsOnTheLastDayOfAShorterOne(t *testing.T) {
	for _, test := range []struct{ from, span, want string }{
		{"2026-01-31T10:00:00Z", "1mo", "2026-02-28T10:00:00Z"},
		{"2028-01-31T23:59:59.5Z", "1mo", "2028-02-29T23:59:59.5Z"},
		{"2026-01-31T00:00:00Z", "2mo", "2026-03-31T00:00:00Z"},
		{"2026-11-30T00:00:00Z", "3mo1d", "2027-03-01T00:00:00Z"},
		{"2026-01-31T01:00:00+03:00", "1mo", "2026-02-28T22:00:00Z"},
		{"2026-03-01T00:00:00Z", "0", "2026-03-01T00:00:00Z"},
	} {
		from, err := time.Parse(time.RFC3339, test.from)
		if err != nil {
			t.Fatal(err)
		}
		span, err := clock.ParseSpan(test.span)
		if err != nil {
			t.Fatal(err)
		}
		if got := span.After(from).Format(time.RFC3339Nano); got != test.want {
			t.Errorf("%s after %s: %s, want %s", test.span, test.from, got, test.want)
		}
	}
}

// Repeated steps of a month end on the anchor's day, so none of them misses a renewal.
func TestStepsWithAnAnchorKeepTheDayOfTheMonth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		anchor := rapid.IntRange(1, 31).Draw(t, "anchor")
		at := time.Date(2026, 1, anchor, 12, 0, 0, 0, time.UTC)
		for range 24 {
			next := clock.Span{Months: 1, Anchor: anchor}.After(at)
			lastDay := time.Date(at.Year(), at.Month()+2, 0, 0, 0, 0, 0, time.UTC).Day()
			if want := min(anchor, lastDay); next.Day() != want || !next.After(at) {
				t.Fatalf("one month after %s is %s, want day %d", at, next, want)
			}
			at = next
		}
	})
}

func TestASpanNeverGoesBackAndPrintsWhatItReads(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		span := clock.Span{
			Months: rapid.IntRange(0, 1200).Draw(t, "months"),
			Rest:   time.Duration(rapid.Int64Range(0, int64(36525*24*time.Hour)).Draw(t, "rest")),
		}
		if got, err := clock.ParseSpan(span.String()); err != nil || got != span {
			t.Fatalf("%q: %+v, %v; want %+v", span, got, err, span)
		}
		from := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "from"), 0)
		if span.After(from).Before(from) {
			t.Fatalf("%s after %s is %s", span, from, span.After(from))
		}
	})
}

func FuzzASpanIsReadOrRefused(f *testing.F) {
	for _, text := range []string{"1mo2d3h", "31d", "90s", "-1d", "1mo", "9999999999999mo", "1.5d"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		span, err := clock.ParseSpan(text)
		if err != nil {
			return
		}
		if again, err := clock.ParseSpan(span.String()); err != nil || again != span {
			t.Errorf("%q: %+v prints %q, read as %+v, %v", text, span, span, again, err)
		}
		if span.Months < 0 || span.Rest < 0 {
			t.Errorf("%q goes back: %+v", text, span)
		}
	})
}
