// Package reply holds what replies of several sections have in common: the 1 of a
// change, and one page of a list with its counts.
package reply

import "time"

// Done is the reply of a method that answers nothing but 1.
type Done struct {
	Result int `json:"result"`
}

// OK is the reply to a change that was made, unless there is an error.
func OK(err error) (Done, error) {
	if err != nil {
		return Done{}, err
	}
	return Done{Result: 1}, nil
}

// Time is a moment as replies write it: UTC, in seconds.
func Time(at time.Time) string { return at.UTC().Format(time.DateTime) }
