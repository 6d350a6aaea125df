// Package inject makes calls go wrong: it decides which armed rule of package fault
// takes a call, counts, and answers the call as the rule says. Each kind of fault
// has a file here with what it does to the connection, and a line in [act].
package inject

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/voxemu/voxemu/emulator/fault"
)

// Engine holds the armed rules, in order, and decides which calls they take. It
// is safe for concurrent use.
type Engine struct {
	now   func() time.Time
	known fault.Known

	rules atomic.Pointer[[]*armed] // nil: none; the slice is never changed

	mu     sync.Mutex // guards what follows, changes of rules, and their counters
	seed   int64
	chosen int64 // how many names Add has chosen
}

// New makes an engine without rules. seed chooses the random sequence, now is
// the emulator's clock, known is what rules may name.
func New(seed int64, now func() time.Time, known fault.Known) *Engine {
	return &Engine{seed: seed, now: now, known: known}
}

// Reseed chooses another random sequence, for the calls that follow.
func (e *Engine) Reseed(seed int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.seed = seed
}

// Seed is what chooses the random sequence.
func (e *Engine) Seed() int64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.seed
}

// Check judges rules without arming them; the error is [vox.Mistakes].
func (e *Engine) Check(rules ...fault.Rule) error { return e.known.Check(rules...) }

// Replace arms these rules, in this order, instead of all others; without rules
// it disarms everything. The error is [vox.Mistakes]; then nothing has changed.
func (e *Engine) Replace(rules ...fault.Rule) error {
	list, err := e.arm(e.now(), rules)
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.set(list)
	return nil
}

// Begin is Replace and Reseed in one step, as at the beginning of a scenario:
// the rules are armed at the given moment, which may be another than now.
func (e *Engine) Begin(seed int64, at time.Time, rules ...fault.Rule) error {
	list, err := e.arm(at, rules)
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.seed = seed
	e.set(list)
	return nil
}

func (e *Engine) arm(at time.Time, rules []fault.Rule) ([]*armed, error) {
	if err := e.Check(rules...); err != nil {
		return nil, err
	}
	list := make([]*armed, len(rules))
	for i, rule := range rules {
		list[i] = arm(rule, e.known, at)
	}
	return list, nil
}

// Add arms a rule behind all others and gives its name, which it chooses if the
// rule has none: fault-1, fault-2 and so on. Errors: [vox.Mistakes], or
// [fault.ErrTaken]; then nothing has changed.
func (e *Engine) Add(rule fault.Rule) (name string, err error) {
	if rule.Name == "" {
		rule.Name = e.freeName()
	}
	if err := e.Check(rule); err != nil {
		return "", err
	}
	a := arm(rule, e.known, e.now())
	e.mu.Lock()
	defer e.mu.Unlock()
	if index(e.list(), rule.Name) >= 0 {
		return "", fmt.Errorf("%w: %s", fault.ErrTaken, rule.Name)
	}
	e.set(append(slices.Clone(e.list()), a))
	return rule.Name, nil
}

// freeName is never the same twice, so that nobody else takes it meanwhile.
func (e *Engine) freeName() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	for {
		e.chosen++
		if name := fmt.Sprintf("fault-%d", e.chosen); index(e.list(), name) < 0 {
			return name
		}
	}
}

// Put arms a rule behind all others, or in the place of the one with its name,
// and counts it from zero. Errors: [vox.Mistakes]; [fault.ErrTaken] when the one with the
// name is about another account, for tests that share a server must not disarm
// each other's rules. Then nothing has changed.
func (e *Engine) Put(rule fault.Rule) error {
	if err := e.Check(rule); err != nil {
		return err
	}
	a := arm(rule, e.known, e.now())
	e.mu.Lock()
	defer e.mu.Unlock()
	list := slices.Clone(e.list())
	i := index(list, rule.Name)
	switch {
	case i < 0:
		list = append(list, a)
	case list[i].rule.When.Account != rule.When.Account:
		return fmt.Errorf("%w: %s, about another account", fault.ErrTaken, rule.Name)
	default:
		list[i] = a
	}
	e.set(list)
	return nil
}

// Delete disarms a rule; false: none has the name. Calls that it has taken
// already still go wrong.
func (e *Engine) Delete(name string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	list := slices.Clone(e.list())
	i := index(list, name)
	if i < 0 {
		return false
	}
	e.set(slices.Delete(list, i, i+1))
	return true
}

// DeleteIf disarms the rules that the function picks, and tells how many. The
// function must not call the engine.
func (e *Engine) DeleteIf(picked func(fault.Rule) bool) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	before := e.list()
	list := slices.DeleteFunc(slices.Clone(before), func(a *armed) bool { return picked(a.rule) })
	e.set(list)
	return len(before) - len(list)
}

// Claim finds the rule that takes a call; nil: the call goes well. Every rule
// whose conditions the call meets counts it, the first one that wants it takes
// it: decision and count are one step, however many calls come at once. read is
// asked only when a rule is armed: without one, a claim is one atomic load.
func (e *Engine) Claim(read func() Call) *Claim {
	if e.rules.Load() == nil {
		return nil
	}
	call, now := read(), e.now()
	var counting []*armed
	for _, a := range e.list() {
		if differs(a.rule.When, call, a.since, now) == "" {
			counting = append(counting, a)
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	var claim *Claim
	for _, a := range counting {
		a.seen++
		if claim == nil {
			claim = a.claim(e.seed, call, now)
		}
	}
	return claim
}

// list is the armed rules; callers must not change it.
func (e *Engine) list() []*armed {
	if rules := e.rules.Load(); rules != nil {
		return *rules
	}
	return nil
}

// set publishes a list that nobody changes any more.
func (e *Engine) set(list []*armed) {
	if len(list) == 0 {
		e.rules.Store(nil)
		return
	}
	e.rules.Store(&list)
}

func index(list []*armed, name string) int {
	return slices.IndexFunc(list, func(a *armed) bool { return a.rule.Name == name })
}
