package journal

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Times is how often something is wanted. The zero value is at least once.
type Times struct {
	// Min is the least number.
	Min int `json:"min"`
	// Max is the greatest number; default: none.
	Max *int `json:"max,omitempty"`
}

// Exactly is n times, no more and no fewer; 0 is [Never].
func Exactly(n int) Times { return Times{Min: n, Max: &n} }

// Once is exactly one time.
func Once() Times { return Exactly(1) }

// Never is not at all.
func Never() Times { return Exactly(0) }

// AtLeast is n times or more.
func AtLeast(n int) Times { return Times{Min: n} }

// AtMost is n times or fewer, not at all included.
func AtMost(n int) Times { return Times{Max: &n} }

// settled makes the zero value mean at least once: a demand that nothing could
// fail would be a mistake.
func (t Times) settled() Times {
	if t.Max == nil {
		t.Min = max(1, t.Min)
	}
	return t
}

func (t Times) allow(n int) bool { return n >= t.Min && (t.Max == nil || n <= *t.Max) }

// String says it in words: exactly 2, at least 1, at most 3, from 2 to 4, no.
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

// Expectation is how often entries that match a filter are wanted.
type Expectation struct {
	// Filter says which entries count.
	Filter Filter `json:"filter"`
	// Times says how many; default: at least one.
	Times Times `json:"times,omitzero"`
}

// String says in words what is wanted.
func (x Expectation) String() string {
	times := x.Times.settled()
	bound := times.Min
	if times.Max != nil {
		bound = *times.Max
	}
	return times.String() + " " + x.Filter.inWords(bound)
}

// Unmet is an expectation that did not come true. Error explains it; the fields
// are the same for programs.
type Unmet struct {
	// Want says what was wanted.
	Want string `json:"want"`
	// Step is the number of the step that was not found; 0: no order was
	// wanted.
	Step int `json:"step,omitempty"`
	// Seen is how many entries the journal has; if an account was named, of that
	// account: others are not told of.
	Seen int `json:"seen"`
	// Matched are the numbers of the entries that match; for an order, those
	// of the steps before the one that was not found.
	Matched []int64 `json:"matched"`
	// Near are the entries that came closest, at most three.
	Near []NearMiss `json:"near,omitempty"`
	// CameClose is how many came close, of which Near are the closest.
	CameClose int `json:"came_close,omitempty"`
	// Evicted is how many entries the journal forgot, so that the numbers
	// above may be too low.
	Evicted int64 `json:"evicted,omitempty"`

	lines []string // about the entries that match
}

// Error explains what was wanted, what came, and what came close and differs
// how.
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
		lines = append(lines, "the journal forgot "+count(int(u.Evicted), "older entry", "older entries")+", which may have mattered; a larger journal would know")
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
	text := fmt.Sprintf("%d of %s matched", len(u.Matched), count(u.Seen, "entry", "entries"))
	if len(u.lines) > 0 {
		text += ":"
	}
	return text
}

func (u *Unmet) nearHeading() string {
	heading := count(u.CameClose, "entry", "entries") + " came close"
	if u.CameClose > len(u.Near) {
		heading += fmt.Sprintf(", the closest %d", len(u.Near))
	}
	return heading + ":"
}

func count(n int, one, many string) string { return strconv.Itoa(n) + " " + plural(n, one, many) }

// shownMatches is how many matching entries an explanation lists.
const shownMatches = 5

// Verify compares the requests of a journal with an expectation; evicted is how many
// it forgot of an account, or of all (0). The error is an *[Unmet]. When requests
// were forgotten that could have mattered, an upper bound is unmet even if it seems
// to hold: nobody knows.
func (x Expectation) Verify(requests []*Request, evicted func(accountID int64) int64) error {
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

// explain says what came close, or else what came at all.
func (u *Unmet) explain(matches criteria, requests []*Request) {
	u.Near, u.CameClose = nearMisses(matches, requests)
	if u.CameClose == 0 && len(u.Matched) == 0 && len(requests) > 0 {
		u.lines = append(u.lines, "  "+census(requests))
	}
}

// census counts requests by method or callback type, in the order in which they
// first came.
func census(requests []*Request) string {
	counts := map[string]int{}
	var names []string
	for _, r := range requests {
		name := r.methodInWords()
		if r.Kind == CallbackRequest {
			name = r.CallbackType
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

// ofAccount leaves out the requests of other accounts; account 0: none.
func ofAccount(requests []*Request, accountID int64) []*Request {
	if accountID == 0 {
		return requests
	}
	return slices.DeleteFunc(slices.Clone(requests), func(r *Request) bool { return r.AccountID != accountID })
}

// list adds a line about an entry that matches.
func (u *Unmet) list(e *Request) {
	switch len(u.lines) {
	case shownMatches:
		u.lines = append(u.lines, "  …")
	case shownMatches + 1:
	default:
		u.lines = append(u.lines, "  "+e.String())
	}
}

// VerifyOrder requires requests that match the filters, one each, in this order;
// others may come between. The order is that in which they began; evicted is that
// of [Expectation.Verify]. The error is an *[Unmet] about the first step that was
// not found.
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

// TooFew is why waiting for requests ended before enough of them came.
type TooFew struct {
	// Wanted and Came are numbers of requests.
	Wanted, Came int
	// Filter is what they had to match.
	Filter Filter
	// Cause is why the wait ended.
	Cause error
}

// Error says what was waited for and how many came.
func (e *TooFew) Error() string {
	return fmt.Sprintf("waited in vain for %d %s: %d came", e.Wanted, e.Filter.inWords(e.Wanted), e.Came)
}

// Unwrap is the cause.
func (e *TooFew) Unwrap() error { return e.Cause }
