package billing_test

import (
	"testing"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/billing"
)

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
		purchase, err := time.Parse(time.DateOnly, c.purchase)
		if err != nil {
			t.Fatal(err)
		}
		got := billing.NextRenewal(purchase.Add(23*time.Hour), c.months).Format(time.DateOnly)
		if got != c.want {
			t.Errorf("%s + %d months = %s, want %s", c.purchase, c.months, got, c.want)
		}
	}
}
