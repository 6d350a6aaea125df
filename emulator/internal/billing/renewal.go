// Package billing decides what a registration costs and when.
package billing

import "time"

// NextRenewal is the day of the charge that follows months calendar months
// after the purchase, at midnight UTC. The day of the month is clamped: what was
// bought on 31 January renews on 28 or 29 February and on 31 March.
func NextRenewal(purchase time.Time, months int) time.Time {
	y, m, d := purchase.UTC().Date()
	last := time.Date(y, m+time.Month(months)+1, 0, 0, 0, 0, 0, time.UTC)
	return time.Date(last.Year(), last.Month(), min(d, last.Day()), 0, 0, 0, 0, time.UTC)
}
