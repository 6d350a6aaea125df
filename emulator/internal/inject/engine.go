// Package inject applies the rules of package fault: it decides which armed rule applies
// to a request, counts, and replies as the rule requires. Each kind of fault has a file
// with its effect on the connection, and a line in [act].
package inject

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/voxemu/voxemu/emulator/fault"
)

// Engine holds the armed rules, in order, and decides to which requests they apply. It is
// safe for concurrent use.
type Engine struct {
	now   func() time.Time
	known fault.Known

	rules atomic.Pointer[[]*armed] // nil: no rules; the slice is never modified

	mu     sync.Mutex      // guards the fields below, changes of rules, and their counters
	named  map[string]bool // names of all rules that were ever armed
	seed   int64
	chosen int64 // number of names that Add has chosen
}

// New returns an engine without rules. seed selects the random numbers, now is the
// emulator's clock, known lists the names that rules may use.
func New(seed int64, now func() time.Time, known fault.Known) *Engine {
	return &Engine{seed: seed, now: now, known: known}
}

// Reseed selects other random numbers for later requests.
func (e *Engine) Reseed(seed int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.seed = seed
}

// Seed returns the seed of the random numbers.
func (e *Engine) Seed() int64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.seed
}

// Known returns the names that rules may use.
func (e *Engine) Known() fault.Known { return e.known }

// WasArmed reports whether a rule with the name is or was armed.
func (e *Engine) WasArmed(name string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.named[name]
}

// Names returns the names of the armed rules.
func (e *Engine) Names() []string {
	var names []string
	for _, a := range e.list() {
		names = append(names, a.rule.Name)
	}
	return names
}

// Check checks rules without arming them; the error is [vox.Mistakes].
func (e *Engine) Check(rules ...fault.Rule) error { return e.known.Check(rules...) }

// Replace replaces all rules by these, in this order. The error is [vox.Mistakes]; in
// that case nothing has changed.
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

// Begin is Replace and Reseed in one step, for the start of a scenario. at is the time at
// which the rules are armed; it may differ from now.
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

// Add arms a rule after all others and returns its name. If the rule has none, Add
// chooses fault-1, fault-2 and so on. Errors: [vox.Mistakes] or [fault.ErrTaken]; nothing
// has changed then.
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

// freeName returns a name that is never returned again, so that two callers cannot get
// the same.
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

// Put arms a rule after all others, or replaces the rule with the same name and resets
// its counters. Errors: [vox.Mistakes], or [fault.ErrTaken] if the rule with the same
// name is for another account, because tests that share a server must not disarm each
// other's rules. Nothing has changed then.
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

// Delete disarms a rule; false if there is none with the name. It is still applied to
// requests that have already started.
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

// DeleteIf disarms the rules for which picked returns true, and returns their number.
// picked must not call the engine.
func (e *Engine) DeleteIf(picked func(fault.Rule) bool) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	before := e.list()
	list := slices.DeleteFunc(slices.Clone(before), func(a *armed) bool { return picked(a.rule) })
	e.set(list)
	return len(before) - len(list)
}

// Claim returns the rule that applies to a request; nil: none. All rules whose conditions
// match count the request; the first one that selects it is applied. Decision and count
// are atomic. read is called only if a rule is armed; otherwise Claim is one atomic load.
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

// list returns the armed rules; callers must not modify the slice.
func (e *Engine) list() []*armed {
	if rules := e.rules.Load(); rules != nil {
		return *rules
	}
	return nil
}

// set publishes a list, which must not be modified afterwards.
func (e *Engine) set(list []*armed) {
	if len(list) == 0 {
		e.rules.Store(nil)
		return
	}
	if e.named == nil {
		e.named = map[string]bool{}
	}
	for _, a := range list {
		e.named[a.rule.Name] = true
	}
	e.rules.Store(&list)
}

func index(list []*armed, name string) int {
	return slices.IndexFunc(list, func(a *armed) bool { return a.rule.Name == name })
}
