// Package reply contains replies that several sections share: the result of a change, and
// a page of a list.
package reply

import "time"

// Done is the reply {"result": 1} of methods without other results.
type Done struct {
	Result int `json:"result"`
}

// OK returns the reply to a change, or err.
func OK(err error) (Done, error) {
	if err != nil {
		return Done{}, err
	}
	return Done{Result: 1}, nil
}

// Time formats a time as replies do: UTC, in seconds.
func Time(at time.Time) string { return at.UTC().Format(time.DateTime) }
