package control

import (
	"context"
	"fmt"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Faults are the rules by which calls go wrong, as package fault describes
// them.
type Faults struct {
	// List gives the rules about an account, or all (0), in their order, with
	// their counts.
	List func(accountID int64) []Fault
	// Add arms a rule, which it decodes, behind the others; without a name it
	// chooses one. A name that is taken: [vox.ErrConflict]; a rule that makes no
	// sense: [vox.ErrInvalid].
	Add func(rule Body) (name string, err error)
	// Put arms a rule in the place of the one with the name, or behind the
	// others. A name of a rule about another account: [vox.ErrConflict].
	Put func(name string, rule Body) error
	// Replace arms these rules, {"faults": […]}, instead of all others.
	Replace func(rules Body) error
	// Delete disarms a rule; unknown: [vox.ErrNotFound].
	Delete func(name string) error
	// Clear disarms the rules about an account, or all (0).
	Clear func(accountID int64)
}

// Fault is an armed rule and what became of it.
type Fault struct {
	Name string `json:"name"`
	// Seen is how many calls it has counted, Hits how many it took, Remaining
	// how many more it may; nil: without limit.
	Seen      int64  `json:"seen"`
	Hits      int64  `json:"hits"`
	Remaining *int64 `json:"remaining,omitempty"`
	// Rule is the rule as it was given.
	Rule any `json:"rule"`
}

type faultList struct {
	Faults []Fault `json:"faults"`
}

type faultsInput struct {
	AccountID int64 `query:"account_id"`
}

func (f Faults) list(_ context.Context, in faultsInput) (faultList, error) {
	return faultList{f.List(in.AccountID)}, nil
}

type faultInput struct {
	Name string `path:"name"`
}

func (f Faults) get(_ context.Context, in faultInput) (Fault, error) { return f.named(in.Name) }

func (f Faults) named(name string) (Fault, error) {
	for _, fault := range f.List(0) {
		if fault.Name == name {
			return fault, nil
		}
	}
	return Fault{}, fmt.Errorf("fault %q: %w", name, vox.ErrNotFound)
}

func (f Faults) add(_ context.Context, in bodyInput) (Fault, error) {
	name, err := f.Add(in.Body)
	if err != nil {
		return Fault{}, err
	}
	return f.named(name)
}

type putFaultInput struct {
	Name string `path:"name"`
	Body Body
}

func (f Faults) put(_ context.Context, in putFaultInput) (Fault, error) {
	if err := f.Put(in.Name, in.Body); err != nil {
		return Fault{}, err
	}
	return f.named(in.Name)
}

func (f Faults) replace(_ context.Context, in bodyInput) (faultList, error) {
	if err := f.Replace(in.Body); err != nil {
		return faultList{}, err
	}
	return faultList{f.List(0)}, nil
}

func (f Faults) delete(_ context.Context, in faultInput) (done, error) { return ok, f.Delete(in.Name) }

func (f Faults) clear(_ context.Context, in faultsInput) (done, error) {
	f.Clear(in.AccountID)
	return ok, nil
}
