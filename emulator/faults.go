package emulator

import (
	"slices"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/internal/inject"
)

// Faults are the armed rules by which requests to the API go wrong: those of the
// scenario loaded last, and what was armed since. [Server.Load], Reset and Import
// arm the scenario's rules anew, with its seed and instead of all others. The
// control API is never subject to them.
type Faults struct{ engine *inject.Engine }

// Faults are the server's armed rules.
func (s *Server) Faults() Faults { return Faults{s.faults} }

// Rules lists the armed rules in their order, with their counts at one moment.
func (f Faults) Rules() []fault.Status { return f.engine.Rules() }

// Unspent lists the rules that were armed for nothing; see [fault.Status.Unspent].
func (f Faults) Unspent() []fault.Status {
	return slices.DeleteFunc(f.Rules(), func(s fault.Status) bool { return !s.Unspent() })
}

// Add arms a rule behind all others and gives its name, which it chooses if the
// rule has none: fault-1, fault-2 and so on. Errors: [vox.Mistakes], or
// [fault.ErrTaken]; then nothing has changed.
func (f Faults) Add(rule fault.Rule) (name string, err error) { return f.engine.Add(rule) }

// Put arms a rule behind all others, or in the place of the one with its name,
// and counts it from zero. Errors: [vox.Mistakes]; [fault.ErrTaken] when the one
// with the name is about another account, for tests that share a server must not
// disarm each other's rules. Then nothing has changed.
func (f Faults) Put(rule fault.Rule) error { return f.engine.Put(rule) }

// Replace arms these rules, in this order, instead of all others; without rules
// it disarms everything. The error is [vox.Mistakes]; then nothing has changed.
func (f Faults) Replace(rules ...fault.Rule) error { return f.engine.Replace(rules...) }

// Delete disarms a rule; false: none has the name. Requests that it applies to
// already still go wrong.
func (f Faults) Delete(name string) bool { return f.engine.Delete(name) }
