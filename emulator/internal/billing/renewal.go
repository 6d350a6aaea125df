package billing

import (
	"cmp"
	"time"
)

// NextRenewal is the day of the charge that follows months calendar months
// after the purchase, at midnight UTC. The day of the month is clamped: what was
// bought on 31 January renews on 28 or 29 February and on 31 March.
func NextRenewal(purchase time.Time, months int) time.Time {
	y, m, d := purchase.UTC().Date()
	return dayOf(y, m+time.Month(months), int64(d))
}

// Following is the renewal after another one, on a day of the month, 1 to 31,
// clamped like that of [NextRenewal]; 0 is the other one's day.
func Following(renewal time.Time, day int64) time.Time {
	y, m, d := renewal.UTC().Date()
	return dayOf(y, m+1, cmp.Or(day, int64(d)))
}

// FirstRenewal is the first renewal after now of what was bought, a calendar
// month after the purchase or later.
func FirstRenewal(purchase, now time.Time) time.Time {
	purchase, now = purchase.UTC(), now.UTC()
	elapsed := 12*(now.Year()-purchase.Year()) + int(now.Month()) - int(purchase.Month())
	months := max(1, elapsed)
	for !NextRenewal(purchase, months).After(now) {
		months++
	}
	return NextRenewal(purchase, months)
}

// RenewalDay is the day of the month on which a subscription renews: that of the
// purchase, unless the renewal at hand falls on another one.
func RenewalDay(purchase, renewal time.Time) int64 {
	day, renewal := int64(purchase.UTC().Day()), renewal.UTC()
	if dayOf(renewal.Year(), renewal.Month(), day).Day() == renewal.Day() {
		return day
	}
	return int64(renewal.Day())
}

// dayOf is midnight of a day of a month; the last one of shorter months.
func dayOf(y int, m time.Month, day int64) time.Time {
	last := time.Date(y, m+1, 0, 0, 0, 0, 0, time.UTC)
	return time.Date(last.Year(), last.Month(), min(int(day), last.Day()), 0, 0, 0, 0, time.UTC)
}
