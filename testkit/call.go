package testkit

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"github.com/voxemu/voxemu/emulator/journal"
)

// CallMatcher selects requests to the API. Its methods return a new matcher with one more
// condition; the original does not change. A matcher that cannot match any request ends
// the test, because asserting that no such request was sent would prove nothing: it names
// a method, a parameter or an error that the API does not have, or the value of a secret.
// [AllowUnknown] permits unknown methods and parameters.
type CallMatcher struct{ filter journal.Filter }

// Call selects the requests for a method, by its exact name.
func Call(method string) CallMatcher {
	return CallMatcher{filter: journal.Filter{Kind: journal.APIRequest, Method: method}}
}

// AnyCall selects all requests.
func AnyCall() CallMatcher { return CallMatcher{filter: journal.Filter{Kind: journal.APIRequest}} }

// With selects requests in which the parameter has this value: a text, number or boolean,
// or a slice of them, which is a list joined by semicolons in this order. Values of
// secrets such as passwords are not kept; use [CallMatcher.Given].
func (m CallMatcher) With(parameter string, value any) CallMatcher {
	return m.where(parameter, journal.Equal(written(value)))
}

// written formats a value as clients send it.
func written(value any) string {
	list := reflect.ValueOf(value)
	if list.Kind() != reflect.Slice {
		return fmt.Sprint(value)
	}
	var items []string
	for _, item := range list.Seq2() {
		items = append(items, fmt.Sprint(item))
	}
	return strings.Join(items, ";")
}

// Like selects requests in which the pattern matches a part of the parameter's value. It
// panics if pattern is not a regular expression. Values of secrets are not kept; use
// [CallMatcher.Given].
func (m CallMatcher) Like(parameter, pattern string) CallMatcher {
	return m.where(parameter, journal.Like(regexp.MustCompile(pattern)))
}

func (m CallMatcher) where(parameter string, value journal.Value) CallMatcher {
	m.filter = m.filter.Where(parameter, value)
	return m
}

// Given selects requests that contain the parameter, with any value.
func (m CallMatcher) Given(parameter string) CallMatcher {
	return m.where(parameter, journal.Given())
}

// Without selects requests that do not contain the parameter.
func (m CallMatcher) Without(parameter string) CallMatcher {
	return m.where(parameter, journal.Absent())
}

// By selects requests of an account.
func (m CallMatcher) By(accountID int64) CallMatcher {
	m.filter.AccountID = accountID
	return m
}

// Succeeded selects requests with a complete reply, with HTTP status 200 and without an
// error of the API.
func (m CallMatcher) Succeeded() CallMatcher {
	m.filter.Code = new(0)
	return m
}

// FailedWith selects requests with an error of the API in the reply, by its name, for
// example INSUFFICIENT_MONEY.
func (m CallMatcher) FailedWith(name string) CallMatcher {
	m.filter.Error = name
	return m
}

// WithFault selects requests to which a fault was applied: see [Fault.Name]; * matches any.
func (m CallMatcher) WithFault(faultName string) CallMatcher {
	m.filter.Fault = faultName
	return m
}

// String describes the selected requests.
func (m CallMatcher) String() string { return m.filter.String() }
