package testkit

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"

	"github.com/voxemu/voxemu/emulator/journal"
)

// Expectation is an assertion on the requests so far. It has no effect until one of its
// methods states a number; a test that calls none fails.
type Expectation struct {
	e       *Emulator
	matcher CallMatcher
	place   string
}

// Expect begins an assertion on the requests since the start, or since the last
// [Emulator.Restore]:
//
//	emu.Expect(testkit.Call("CreateSipRegistration").With("proxy", "sip.example.com")).Once()
//
// If it is not met, the test fails and continues. The failure states the expectation, the
// matching requests and the most similar ones.
func (e *Emulator) Expect(calls CallMatcher) *Expectation {
	e.tb.Helper()
	e.known(calls)
	x := &Expectation{e: e, matcher: calls, place: caller()}
	e.checks.open(x)
	return x
}

// Once requires exactly one such request.
func (x *Expectation) Once() {
	x.e.tb.Helper()
	x.verify(journal.Once())
}

// Times requires exactly n such requests.
func (x *Expectation) Times(n int) {
	x.e.tb.Helper()
	x.verify(journal.Exactly(n))
}

// Never requires that there is no such request.
func (x *Expectation) Never() {
	x.e.tb.Helper()
	x.verify(journal.Never())
}

// AtLeast requires n such requests or more.
func (x *Expectation) AtLeast(n int) {
	x.e.tb.Helper()
	x.verify(journal.AtLeast(n))
}

// AtMost requires n such requests or fewer, including none.
func (x *Expectation) AtMost(n int) {
	x.e.tb.Helper()
	x.verify(journal.AtMost(n))
}

// InOrder requires such a request and then one for each of the others, in this order.
// Other requests may come between.
func (x *Expectation) InOrder(then ...CallMatcher) {
	x.e.tb.Helper()
	x.e.checks.close(x)
	steps := []journal.Filter{x.matcher.filter}
	for _, m := range then {
		x.e.known(m)
		steps = append(steps, m.filter)
	}
	x.report(x.e.server.Journal().VerifyOrder(steps...))
}

func (x *Expectation) verify(times journal.Times) {
	x.e.tb.Helper()
	x.report(x.e.server.Journal().Verify(journal.Expectation{Filter: x.matcher.filter, Times: times}))
}

func (x *Expectation) report(err error) {
	x.e.tb.Helper()
	x.e.checks.close(x)
	if unmet := new(journal.Unmet); errors.As(err, &unmet) {
		x.e.tb.Errorf("testkit: %v", unmet)
	}
}

// Requests returns the requests that match, in the order of their beginnings, since the
// start or the last [Emulator.Restore].
func (e *Emulator) Requests(calls CallMatcher) []journal.Request {
	e.tb.Helper()
	e.known(calls)
	return e.server.Journal().Find(calls.filter)
}

// checks holds what is reported at the end of the test.
type checks struct {
	mu         sync.Mutex        // guards the fields below
	named      int               // number of faults and snapshots
	places     map[string]string // of faults, by name
	unfinished []*Expectation
	unknown    []string // requests with mistakes before a Restore
	refused    []string
	triggered  []string // faults triggered before a Restore armed them again
}

// next returns a new number for names.
func (c *checks) next() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.named++
	return c.named
}

func (c *checks) armed(fault, place string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.places == nil {
		c.places = map[string]string{}
	}
	c.places[fault] = place
}

// placeOf returns where the test armed a fault; empty: the scenario did.
func (c *checks) placeOf(fault string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.places[fault]
}

func (c *checks) open(x *Expectation) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.unfinished = append(c.unfinished, x)
}

func (c *checks) close(x *Expectation) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, open := range c.unfinished {
		if open == x {
			c.unfinished = append(c.unfinished[:i], c.unfinished[i+1:]...)
			return
		}
	}
}

// reportUnfinished fails the test for expectations without a number.
func (e *Emulator) reportUnfinished() {
	e.tb.Helper()
	e.checks.mu.Lock()
	defer e.checks.mu.Unlock()
	for _, x := range e.checks.unfinished {
		if x.e != e {
			continue
		}
		e.tb.Errorf("testkit: %s: Expect(%s) does not say how many; add Once(), Times(n), Never(), AtLeast(n), AtMost(n) or InOrder(…)", x.place, x.matcher)
	}
}

// caller returns the line of the test that called the calling function.
func caller() string {
	_, file, line, ok := runtime.Caller(2)
	if !ok {
		return "a place unknown"
	}
	return fmt.Sprintf("%s:%d", file[strings.LastIndex(file, "/")+1:], line)
}
