package testkit

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"github.com/voxemu/voxemu/emulator/journal"
)

// CallMatcher selects calls of the API that came in. Its methods narrow it down
// and return a new one; the original stays as it was. One that can select no call,
// because it names a method, a parameter or an error that the API does not have,
// or the value of a secret, ends the test where it is used: that no such call came
// would prove nothing. With [AllowUnknown] such methods and parameters are
// selected.
type CallMatcher struct {
	filter journal.Filter
	masked string // a parameter whose value was asked for, though nobody keeps it
}

// Call selects the calls of a method, by its exact name.
func Call(method string) CallMatcher {
	return CallMatcher{filter: journal.Filter{Kind: journal.APIRequest, Method: method}}
}

// AnyCall selects all calls.
func AnyCall() CallMatcher { return CallMatcher{filter: journal.Filter{Kind: journal.APIRequest}} }

// With selects calls that give the parameter this value: a text, number or
// boolean, or a slice of them, which is a list joined by semicolons in this
// order. Secrets such as passwords are not kept: ask [CallMatcher.Given].
func (m CallMatcher) With(parameter string, value any) CallMatcher {
	return m.reading(parameter, journal.Equal(written(value)))
}

// written is a value as clients send it.
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

// Like selects calls that give the parameter a value in which the pattern
// matches somewhere. A pattern that is no regular expression panics. Secrets are
// not kept: ask [CallMatcher.Given].
func (m CallMatcher) Like(parameter, pattern string) CallMatcher {
	return m.reading(parameter, journal.Like(regexp.MustCompile(pattern)))
}

// reading selects by a value, which for a secret selects nothing.
func (m CallMatcher) reading(parameter string, value journal.Value) CallMatcher {
	m.filter = m.filter.Where(parameter, value)
	if journal.Secret(parameter) {
		m.masked = parameter
	}
	return m
}

// Given selects calls that give the parameter, whatever its value.
func (m CallMatcher) Given(parameter string) CallMatcher {
	m.filter = m.filter.Where(parameter, journal.Given())
	return m
}

// Without selects calls that do not give the parameter.
func (m CallMatcher) Without(parameter string) CallMatcher {
	m.filter = m.filter.Where(parameter, journal.Absent())
	return m
}

// By selects calls of an account.
func (m CallMatcher) By(accountID int64) CallMatcher {
	m.filter.AccountID = accountID
	return m
}

// Succeeded selects calls that were answered completely, with HTTP status 200 and
// without an error of the API.
func (m CallMatcher) Succeeded() CallMatcher {
	m.filter.Code = new(0)
	return m
}

// FailedWith selects calls that were answered with an error of the API, by its
// name: INSUFFICIENT_MONEY.
func (m CallMatcher) FailedWith(name string) CallMatcher {
	m.filter.Error = name
	return m
}

// Struck selects calls that a fault took: see [Fault.Name]; * is any.
func (m CallMatcher) Struck(faultName string) CallMatcher {
	m.filter.Fault = faultName
	return m
}

// String says in words what is selected.
func (m CallMatcher) String() string { return m.filter.String() }
