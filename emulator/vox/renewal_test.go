package vox_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/vox"
)

func day(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestRenewalKeepsTheDayOfTheMonthAndClampsIt(t *testing.T) {
	for _, c := range []struct {
		purchase string
		months   int
		want     string
	}{
		{"2026-01-31", 1, "2026-02-28"},
		{"2026-01-31", 2, "2026-03-31"},
		{"2028-01-31", 1, "2028-02-29"},
		{"2026-12-15", 1, "2027-01-15"},
		{"2026-10-31", 13, "2027-11-30"},
	} {
		got := vox.NextRenewal(day(t, c.purchase).Add(23*time.Hour), c.months)
		if !got.Equal(day(t, c.want)) {
			t.Errorf("%s + %d months = %s, want %s", c.purchase, c.months, got, c.want)
		}
	}
}

func TestRenewalsDoNotDrift(t *testing.T) {
	for _, c := range []struct {
		first string
		day   int64
		want  []string
	}{
		{"2026-01-31", 31, []string{"2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"}},
		{"2028-01-30", 30, []string{"2028-02-29", "2028-03-30", "2028-04-30"}},
		{"2026-11-29", 29, []string{"2026-12-29", "2027-01-29", "2027-02-28", "2027-03-29"}},
		{"2026-01-15", 0, []string{"2026-02-15", "2026-03-15"}},
	} {
		var got []string
		for at := day(t, c.first); len(got) < len(c.want); {
			at = vox.Following(at, c.day)
			got = append(got, at.Format(time.DateOnly))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("after %s on day %d (-want +got):\n%s", c.first, c.day, diff)
		}
	}
}

func TestTheFirstRenewalIsAMonthAfterThePurchaseAndStillToCome(t *testing.T) {
	for _, c := range []struct{ purchase, now, want string }{
		{"2026-01-31", "2026-01-31", "2026-02-28"},
		{"2020-05-31", "2026-02-28", "2026-03-31"},
		{"2020-05-31", "2026-02-27", "2026-02-28"},
		{"2020-05-10", "2026-01-31", "2026-02-10"},
		{"2027-03-01", "2026-01-31", "2027-04-01"},
	} {
		if got := vox.FirstRenewal(day(t, c.purchase), day(t, c.now)); !got.Equal(day(t, c.want)) {
			t.Errorf("bought %s, now %s: %s, want %s", c.purchase, c.now, got, c.want)
		}
	}
}

func TestTheRenewalDayIsThePurchasesUnlessTheRenewalDisagrees(t *testing.T) {
	for _, c := range []struct {
		purchase, renewal string
		want              int64
	}{
		{"2026-01-31", "2026-02-28", 31}, {"2026-01-31", "2026-03-31", 31}, {"2026-01-31", "2026-03-30", 30},
		{"2026-01-28", "2026-02-28", 28}, {"2026-01-31", "2026-02-10", 10},
	} {
		if got := vox.RenewalDay(day(t, c.purchase), day(t, c.renewal)); got != c.want {
			t.Errorf("bought %s, renews %s: day %d, want %d", c.purchase, c.renewal, got, c.want)
		}
	}
}
