package emulator

import (
	"slices"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/internal/inject"
)

// Faults are the armed fault rules: those of the scenario loaded last, and those armed
// since. [Server.Load], Reset and Import replace them by the scenario's rules and seed.
// Rules do not apply to the control API.
type Faults struct{ engine *inject.Engine }

// Faults returns the server's armed rules.
func (s *Server) Faults() Faults { return Faults{s.faults} }

// Rules returns the armed rules in their order, with consistent counters.
func (f Faults) Rules() []fault.Status { return f.engine.Rules() }

// Unspent returns the rules for which [fault.Status.Unspent] is true.
func (f Faults) Unspent() []fault.Status {
	return slices.DeleteFunc(f.Rules(), func(s fault.Status) bool { return !s.Unspent() })
}

// Add arms a rule after all others and returns its name. If the rule has none, Add
// chooses fault-1, fault-2 and so on. Errors: [vox.Mistakes] or [fault.ErrTaken]; nothing
// has changed then.
func (f Faults) Add(rule fault.Rule) (name string, err error) { return f.engine.Add(rule) }

// Put arms a rule after all others, or replaces the rule with the same name and resets
// its counters. Errors: [vox.Mistakes], or [fault.ErrTaken] if the rule with the same
// name is for another account, because tests that share a server must not disarm each
// other's rules. Nothing has changed then.
func (f Faults) Put(rule fault.Rule) error { return f.engine.Put(rule) }

// Replace replaces all rules by these, in this order. The error is [vox.Mistakes]; in
// that case nothing has changed.
func (f Faults) Replace(rules ...fault.Rule) error { return f.engine.Replace(rules...) }

// Delete disarms a rule; false if there is none with the name. It is still applied to
// requests that have already started.
func (f Faults) Delete(name string) bool { return f.engine.Delete(name) }
