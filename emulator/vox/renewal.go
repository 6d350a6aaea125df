package vox

import (
	"cmp"
	"time"
)

// NextRenewal returns midnight UTC of the day that is the given number of calendar months
// after the purchase. In shorter months it is the last day: a purchase on 31 January
// renews on 28 or 29 February and on 31 March.
func NextRenewal(purchase time.Time, months int) time.Time {
	y, m, d := purchase.UTC().Date()
	return dayOf(y, m+time.Month(months), int64(d))
}

// Following returns the renewal one month after another one, on a day of the month from 1
// to 31, or in shorter months on the last day; day 0 keeps the day.
func Following(renewal time.Time, day int64) time.Time {
	y, m, d := renewal.UTC().Date()
	return dayOf(y, m+1, cmp.Or(day, int64(d)))
}

// FirstRenewal returns the first renewal after now of a purchase; it is at least one
// calendar month after the purchase.
func FirstRenewal(purchase, now time.Time) time.Time {
	purchase, now = purchase.UTC(), now.UTC()
	elapsed := 12*(now.Year()-purchase.Year()) + int(now.Month()) - int(purchase.Month())
	months := max(1, elapsed)
	for !NextRenewal(purchase, months).After(now) {
		months++
	}
	return NextRenewal(purchase, months)
}

// RenewalDay returns the day of the month on which a subscription renews: the day of the
// purchase, unless the given renewal is on another one.
func RenewalDay(purchase, renewal time.Time) int64 {
	day, renewal := int64(purchase.UTC().Day()), renewal.UTC()
	if dayOf(renewal.Year(), renewal.Month(), day).Day() == renewal.Day() {
		return day
	}
	return int64(renewal.Day())
}

// dayOf returns midnight UTC of a day of a month, or of its last day if it is shorter.
func dayOf(y int, m time.Month, day int64) time.Time {
	last := time.Date(y, m+1, 0, 0, 0, 0, 0, time.UTC)
	return time.Date(last.Year(), last.Month(), min(int(day), last.Day()), 0, 0, 0, 0, time.UTC)
}
