package journal

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Times is the required number of requests. The zero value is at least one.
type Times struct {
	// Min is the minimum; default 1 without a maximum, else 0.
	Min int `json:"min"`
	// Max is the maximum; default: none.
	Max *int `json:"max,omitempty"`
}

// Exactly requires n; Exactly(0) is [Never].
func Exactly(n int) Times { return Times{Min: n, Max: &n} }

// Once requires exactly one.
func Once() Times { return Exactly(1) }

// Never requires that there is none.
func Never() Times { return Exactly(0) }

// AtLeast requires n or more.
func AtLeast(n int) Times { return Times{Min: n} }

// AtMost requires n or fewer, including none.
func AtMost(n int) Times { return Times{Max: &n} }

// settled replaces the zero value by at least one, because an expectation without bounds
// can never fail.
func (t Times) settled() Times {
	if t.Max == nil {
		t.Min = max(1, t.Min)
	}
	return t
}

func (t Times) allow(n int) bool { return n >= t.Min && (t.Max == nil || n <= *t.Max) }

// String returns for example "exactly 2", "at least 1", "at most 3", "from 2 to 4" or
// "no".
func (t Times) String() string {
	t = t.settled()
	switch {
	case t.Max == nil:
		return "at least " + strconv.Itoa(t.Min)
	case *t.Max == 0:
		return "no"
	case *t.Max == t.Min:
		return "exactly " + strconv.Itoa(t.Min)
	case t.Min <= 0:
		return "at most " + strconv.Itoa(*t.Max)
	}
	return fmt.Sprintf("from %d to %d", t.Min, *t.Max)
}

// Expectation is the number of requests that must match a filter.
type Expectation struct {
	// Filter selects the requests to count.
	Filter Filter `json:"filter"`
	// Times is the required number; default: at least one.
	Times Times `json:"times,omitzero"`
	// Then select requests that must follow, one for each, in this order, instead of
	// Times; others may come between. Default: none.
	Then []Filter `json:"then,omitempty"`
}

// String describes the expectation.
func (x Expectation) String() string {
	if len(x.Then) > 0 {
		return orderInWords(x.steps())
	}
	times := x.Times.settled()
	bound := times.Min
	if times.Max != nil {
		bound = *times.Max
	}
	return times.String() + " " + x.Filter.inWords(bound)
}

// steps returns the filters of an order.
func (x Expectation) steps() []Filter { return append([]Filter{x.Filter}, x.Then...) }

// Unmet reports an expectation that was not met. Error explains it; the fields contain
// the same for programs.
type Unmet struct {
	// Want describes the expectation.
	Want string `json:"want"`
	// Step is the number, from 1, of the step that was not found; 0: no order was
	// required.
	Step int `json:"step,omitempty"`
	// Seen is the number of requests in the journal, or of the account if the filter
	// names one.
	Seen int `json:"seen"`
	// Matched are the numbers of the matching requests; for an order, of those that match
	// the steps before the missing one.
	Matched []int64 `json:"matched"`
	// Near are the most similar requests, at most three.
	Near []NearMiss `json:"near,omitempty"`
	// CameClose is the number of similar requests, of which Near are the most similar.
	CameClose int `json:"came_close,omitempty"`
	// Evicted is the number of requests that the journal has dropped, which the numbers
	// above do not include.
	Evicted int64 `json:"evicted,omitempty"`

	lines []string // on the matching requests
}

// Error describes the expectation, the matching requests, and the similar ones with their
// differences.
func (u *Unmet) Error() string {
	lines := []string{fmt.Sprintf("want %s; %s", u.Want, u.found())}
	lines = append(lines, u.lines...)
	if len(u.Near) > 0 {
		lines = append(lines, u.nearHeading())
		for _, miss := range u.Near {
			lines = append(lines, "  "+miss.String())
		}
	}
	if u.Evicted > 0 {
		lines = append(lines, "the journal forgot "+count(int(u.Evicted), "older request", "older requests")+", which may have mattered; a larger journal would know")
	}
	return strings.Join(lines, "\n")
}

func (u *Unmet) found() string {
	if u.Step > 0 {
		return fmt.Sprintf("step %d did not come", u.Step)
	}
	if u.Seen == 0 {
		return "nothing came"
	}
	text := fmt.Sprintf("%d of %s matched", len(u.Matched), count(u.Seen, "request", "requests"))
	if len(u.lines) > 0 {
		text += ":"
	}
	return text
}

func (u *Unmet) nearHeading() string {
	heading := count(u.CameClose, "request", "requests") + " came close"
	if u.CameClose > len(u.Near) {
		heading += fmt.Sprintf(", the closest %d", len(u.Near))
	}
	return heading + ":"
}

func count(n int, one, many string) string { return strconv.Itoa(n) + " " + plural(n, one, many) }

// shownMatches is the maximum number of matching requests in an explanation.
const shownMatches = 5

// Verify checks requests against the expectation. evicted returns the number of requests
// that the journal dropped of an account, or of all accounts (0). The error is an
// *[Unmet]. If dropped requests could have matched, an upper bound is never met, because
// it cannot be verified.
func (x Expectation) Verify(requests []*Request, evicted func(accountID int64) int64) error {
	if len(x.Then) > 0 {
		return VerifyOrder(requests, evicted, x.steps()...)
	}
	matches := x.Filter.criteria()
	times := x.Times.settled()
	requests = ofAccount(requests, x.Filter.AccountID)
	unmet := &Unmet{Want: x.String(), Seen: len(requests), Matched: []int64{}, Evicted: evicted(x.Filter.AccountID)}
	for _, r := range requests {
		if matches.fit(r) {
			unmet.Matched = append(unmet.Matched, r.Number)
			unmet.list(r)
		}
	}
	n := len(unmet.Matched)
	if times.allow(n) && (times.Max == nil || unmet.Evicted == 0) {
		return nil
	}
	if n < times.Min {
		unmet.explain(matches, requests)
	}
	return unmet
}

// explain adds the similar requests or, if there are none, counts by method.
func (u *Unmet) explain(matches criteria, requests []*Request) {
	u.Near, u.CameClose = nearMisses(matches, requests)
	if u.CameClose == 0 && len(u.Matched) == 0 && len(requests) > 0 {
		u.lines = append(u.lines, "  "+census(requests))
	}
}

// census counts requests by method or callback type, in the order of the first ones.
func census(requests []*Request) string {
	counts := map[string]int{}
	var names []string
	for _, r := range requests {
		name := r.methodInWords()
		if r.Kind == CallbackRequest {
			name = string(r.CallbackType)
		}
		if counts[name]++; counts[name] == 1 {
			names = append(names, name)
		}
	}
	for i, name := range names {
		names[i] = fmt.Sprintf("%d × %s", counts[name], name)
	}
	if rest := len(names) - shownMatches; rest > 0 {
		names = append(names[:shownMatches], fmt.Sprintf("%d others", rest))
	}
	return strings.Join(names, ", ")
}

// ofAccount returns the requests of an account; all requests for account 0.
func ofAccount(requests []*Request, accountID int64) []*Request {
	if accountID == 0 {
		return requests
	}
	return slices.DeleteFunc(slices.Clone(requests), func(r *Request) bool { return r.AccountID != accountID })
}

func (u *Unmet) list(e *Request) {
	switch len(u.lines) {
	case shownMatches:
		u.lines = append(u.lines, "  …")
	case shownMatches + 1:
	default:
		u.lines = append(u.lines, "  "+e.String())
	}
}

// VerifyOrder requires requests that match the filters, one each, in this order; other
// requests may come between. The order is that of their beginnings; evicted is as in
// [Expectation.Verify]. The error is an *[Unmet] on the first step that was not found.
func VerifyOrder(requests []*Request, evicted func(accountID int64) int64, steps ...Filter) error {
	unmet := &Unmet{Want: orderInWords(steps), Seen: len(requests), Matched: []int64{}}
	rest := requests
	for i, step := range steps {
		matches := step.criteria()
		at := indexOf(matches, rest)
		if at >= 0 {
			unmet.Matched = append(unmet.Matched, rest[at].Number)
			unmet.lines = append(unmet.lines, fmt.Sprintf("  step %d was %s", i+1, rest[at]))
			rest = rest[at+1:]
			continue
		}
		unmet.Step, unmet.Evicted = i+1, evicted(step.AccountID)
		if early := indexOf(matches, requests); early >= 0 {
			unmet.lines = append(unmet.lines, fmt.Sprintf("  step %d came too early: %s", i+1, requests[early]))
			return unmet
		}
		unmet.explain(matches, ofAccount(requests, step.AccountID))
		return unmet
	}
	return nil
}

func indexOf(matches criteria, requests []*Request) int {
	for i, r := range requests {
		if matches.fit(r) {
			return i
		}
	}
	return -1
}

func orderInWords(steps []Filter) string {
	words := make([]string, len(steps))
	for i, step := range steps {
		words[i] = fmt.Sprintf("%d. %s", i+1, step)
	}
	return "in this order: " + strings.Join(words, "; ")
}

// TooFew reports a wait that ended before enough requests matched.
type TooFew struct {
	// Wanted is the required number of requests, Came the number that matched.
	Wanted, Came int
	// Filter is the filter that they must match.
	Filter Filter
	// Cause is the reason for the end of the wait.
	Cause error
}

// Error states filter, numbers and cause.
func (e *TooFew) Error() string {
	return fmt.Sprintf("waited in vain for %d %s: %d came", e.Wanted, e.Filter.inWords(e.Wanted), e.Came)
}

// Unwrap returns the cause.
func (e *TooFew) Unwrap() error { return e.Cause }
