package testkit

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/voxemu/voxemu/emulator/fault"
)

// Fault is an armed rule by which calls go wrong. One that never struck, or could
// still strike a limited number of times, fails the test at its end, unless it is
// [Optional].
type Fault struct {
	e    *Emulator
	name string
}

// FaultOption narrows down a fault of [Emulator.Fail], or says more of it.
type FaultOption func(*fault.Rule)

// Fail breaks calls of a method in the way that the kind says (see package fault):
// all of them, unless options narrow them down.
//
//	emu.Fail("CreateSipRegistration", fault.Close{}, testkit.After(), testkit.Nth(2))
//
// In the method's name * stands for any run of characters. What package fault
// refuses ends the test, and nothing is armed.
func (e *Emulator) Fail(method string, kind fault.Kind, options ...FaultOption) *Fault {
	e.tb.Helper()
	rule := fault.Rule{
		Name: fmt.Sprintf("%s-%d", named(method), e.judge.next()),
		When: fault.When{Method: method}, Then: fault.Do(kind),
	}
	for _, option := range options {
		option(&rule)
	}
	e.judge.armed(rule.Name, caller())
	e.must(e.server.Faults().Put(rule))
	return &Fault{e, rule.Name}
}

// named is a method's name, or a pattern, in the letters of a rule's name.
func named(method string) string {
	name := unfit.ReplaceAllString(method, "_")
	return name[:min(len(name), 40)]
}

var unfit = regexp.MustCompile(`[^A-Za-z0-9._-]`)

// Nth applies only to the n-th of the calls, from 1.
func Nth(n int) FaultOption { return func(r *fault.Rule) { r.When.Nth = fault.Count(n) } }

// Times limits the fault to n calls.
func Times(n int) FaultOption { return func(r *fault.Rule) { r.Times = fault.Count(n) } }

// After does the work first: the change is saved, the client gets no reply.
func After() FaultOption { return func(r *fault.Rule) { r.After = true } }

// On limits the fault to calls that give the parameter this value, in which *
// stands for any run of characters. All of several must match.
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

// Optional lets the test pass when the fault is never triggered.
func Optional() FaultOption { return func(r *fault.Rule) { r.Optional = true } }

// When sets further conditions; see [fault.When].
func When(set func(*fault.When)) FaultOption { return func(r *fault.Rule) { set(&r.When) } }

// Stop disarms the fault; the end of the test no longer reports it.
func (f *Fault) Stop() { f.e.server.Faults().Delete(f.name) }

// Hits is how often it was triggered.
func (f *Fault) Hits() int {
	for _, status := range f.e.server.Faults().Rules() {
		if status.Name == f.name {
			return int(status.Hits)
		}
	}
	return 0
}

// Name is the name under which journal and replies mention it.
func (f *Fault) Name() string { return f.name }

// reportFaults fails the test for faults that were armed for nothing, except those
// that come back and still may strike.
func (e *Emulator) reportFaults(comeBack ...fault.Rule) {
	e.tb.Helper()
	var lines []string
	for _, s := range e.judge.forNothing(e.server.Faults().Unspent(), comeBack) {
		lines = append(lines, "  "+unspent(s, e.judge.placeOf(s.Name)))
	}
	if len(lines) > 0 {
		e.tb.Errorf("testkit: faults were armed for nothing:\n%s\nallow with testkit.Optional()", strings.Join(lines, "\n"))
	}
}

// forNothing leaves out the faults that come back, and notes which of those have
// struck as often as they should: they need not do so again.
func (j *judge) forNothing(unspent []fault.Status, comeBack []fault.Rule) []fault.Status {
	j.mu.Lock()
	defer j.mu.Unlock()
	waiting := map[string]bool{}
	for _, s := range unspent {
		waiting[s.Name] = true
	}
	for _, rule := range comeBack {
		if waiting[rule.Name] {
			waiting[rule.Name] = false
		} else if !slices.Contains(j.struck, rule.Name) {
			j.struck = append(j.struck, rule.Name)
		}
	}
	return slices.DeleteFunc(unspent, func(s fault.Status) bool {
		return !waiting[s.Name] || slices.Contains(j.struck, s.Name)
	})
}

// unspent says which rule was armed for nothing, and what became of it. One of a
// scenario has no place in the test.
func unspent(s fault.Status, place string) string {
	if place != "" {
		place += ": "
	}
	when, _ := json.Marshal(s.When) // what was armed can be written
	then, _ := json.Marshal(s.Then)
	line := fmt.Sprintf("%s%s, when %s then %s, struck %d of the %d calls that it counted", place, s.Name, cut(when), cut(then), s.Hits, s.Seen)
	if s.Hits > 0 && s.Remaining != nil {
		line += fmt.Sprintf(", %d to go", *s.Remaining)
	}
	return line
}

// cut bounds what is shown of a rule: the body of a reply may be long.
func cut(text []byte) string {
	const most = 160
	if len(text) <= most {
		return string(text)
	}
	return strings.ToValidUTF8(string(text[:most]), "") + "…"
}
