package testkit

import (
	"fmt"
	"regexp"

	"github.com/voxemu/voxemu/emulator/journal"
)

// CallMatcher selects calls of the API that came in. Its methods narrow it down
// and return a new one; the original stays as it was.
type CallMatcher struct{ filter journal.Filter }

// Call selects the calls of a method, by its exact name.
func Call(method string) CallMatcher {
	return CallMatcher{journal.Filter{Kind: journal.KindCall, Method: method}}
}

// AnyCall selects all calls.
func AnyCall() CallMatcher { return CallMatcher{journal.Filter{Kind: journal.KindCall}} }

// With selects calls that give the parameter this value, as text, number or
// boolean. Secrets such as passwords are not kept: ask [CallMatcher.Given].
func (m CallMatcher) With(parameter string, value any) CallMatcher {
	return CallMatcher{m.filter.With(parameter, fmt.Sprint(value))}
}

// Like selects calls that give the parameter a value in which the pattern
// matches. A pattern that is no regular expression panics.
func (m CallMatcher) Like(parameter, pattern string) CallMatcher {
	return CallMatcher{m.filter.Where(parameter, journal.Like(regexp.MustCompile(pattern)))}
}

// Given selects calls that give the parameter, whatever its value.
func (m CallMatcher) Given(parameter string) CallMatcher {
	return CallMatcher{m.filter.Where(parameter, journal.Given())}
}

// Without selects calls that do not give the parameter.
func (m CallMatcher) Without(parameter string) CallMatcher {
	return CallMatcher{m.filter.Where(parameter, journal.Absent())}
}

// By selects calls of an account.
func (m CallMatcher) By(accountID int64) CallMatcher {
	m.filter.AccountID = accountID
	return m
}

// Succeeded selects calls that were answered without an error.
func (m CallMatcher) Succeeded() CallMatcher {
	m.filter.Code = new(0)
	return m
}

// FailedWith selects calls that were answered with an error, by its name:
// INSUFFICIENT_MONEY.
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
