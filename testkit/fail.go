package testkit

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/voxemu/voxemu/emulator/fault"
)

// Fault is an armed fault. If it was never triggered, or fewer times than its [Times],
// the test fails at its end, unless the fault is [Optional].
type Fault struct {
	e    *Emulator
	name string
}

// FaultOption changes a fault of [Emulator.Fail].
type FaultOption func(*fault.Rule)

// Fail makes requests for a method fail in the way of the kind (see package fault): all
// requests, unless options select some.
//
//	emu.Fail("CreateSipRegistration", fault.Close{}, testkit.After(), testkit.Nth(2))
//
// In the method's name * matches any characters. A mistake in the fault ends the test,
// and nothing is armed.
func (e *Emulator) Fail(method string, kind fault.Kind, options ...FaultOption) *Fault {
	e.tb.Helper()
	rule := fault.Rule{
		Name: fmt.Sprintf("%s-%d", named(method), e.checks.next()),
		When: fault.When{Method: method}, Then: fault.Do(kind),
	}
	for _, option := range options {
		option(&rule)
	}
	e.checks.armed(rule.Name, caller())
	e.must(e.server.Faults().Put(rule))
	return &Fault{e, rule.Name}
}

// named converts a method's name or pattern to the characters allowed in a rule's name.
func named(method string) string {
	name := unfit.ReplaceAllString(method, "_")
	return name[:min(len(name), 40)]
}

var unfit = regexp.MustCompile(`[^A-Za-z0-9._-]`)

// Nth applies the fault only to the n-th request, from 1.
func Nth(n int) FaultOption { return func(r *fault.Rule) { r.When.Nth = fault.Count(n) } }

// Times limits the fault to n requests.
func Times(n int) FaultOption { return func(r *fault.Rule) { r.Times = fault.Count(n) } }

// After processes the request first: the change is saved, the client gets no reply.
func After() FaultOption { return func(r *fault.Rule) { r.After = true } }

// On limits the fault to requests in which the parameter has this value; * matches any
// characters. Several On options must all match.
func On(parameter, value string) FaultOption {
	return func(r *fault.Rule) {
		if r.When.Parameters == nil {
			r.When.Parameters = map[string]string{}
		}
		r.When.Parameters[parameter] = value
	}
}

// Delayed adds a delay before the fault takes effect.
func Delayed(delay fault.Delay) FaultOption { return func(r *fault.Rule) { r.Then.Delay = &delay } }

// Optional lets the test pass if the fault is never triggered.
func Optional() FaultOption { return func(r *fault.Rule) { r.Optional = true } }

// When sets other conditions; see [fault.When].
func When(set func(*fault.When)) FaultOption { return func(r *fault.Rule) { set(&r.When) } }

// Stop disarms the fault; it is not reported at the end of the test.
func (f *Fault) Stop() { f.e.server.Faults().Delete(f.name) }

// Hits returns how often the fault was triggered.
func (f *Fault) Hits() int {
	for _, status := range f.e.server.Faults().Rules() {
		if status.Name == f.name {
			return int(status.Hits)
		}
	}
	return 0
}

// Name returns the name of the fault in the journal and in replies.
func (f *Fault) Name() string { return f.name }

// reportFaults fails the test for faults that were not triggered often enough, except
// those in comeBack, which a Restore arms again.
func (e *Emulator) reportFaults(comeBack ...fault.Rule) {
	e.tb.Helper()
	var lines []string
	for _, s := range e.checks.forNothing(e.server.Faults().Unspent(), comeBack) {
		place := e.checks.placeOf(s.Name)
		if place != "" { // else the scenario armed it
			place += ": "
		}
		lines = append(lines, "  "+place+s.Describe())
	}
	if len(lines) > 0 {
		e.tb.Errorf("testkit: faults were never triggered, or not as often as they should be:\n%s\nallow with testkit.Optional()", strings.Join(lines, "\n"))
	}
}

// forNothing removes the faults that a Restore arms again, and records which of those
// were triggered often enough: they need not be triggered again.
func (c *checks) forNothing(unspent []fault.Status, comeBack []fault.Rule) []fault.Status {
	c.mu.Lock()
	defer c.mu.Unlock()
	waiting := map[string]bool{}
	for _, s := range unspent {
		waiting[s.Name] = true
	}
	for _, rule := range comeBack {
		if waiting[rule.Name] {
			waiting[rule.Name] = false
		} else if !slices.Contains(c.triggered, rule.Name) {
			c.triggered = append(c.triggered, rule.Name)
		}
	}
	return slices.DeleteFunc(unspent, func(s fault.Status) bool {
		return !waiting[s.Name] || slices.Contains(c.triggered, s.Name)
	})
}
