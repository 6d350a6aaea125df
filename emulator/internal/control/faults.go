package control

import (
	"context"
	"fmt"
)

// Faults are the rules by which calls go wrong, as package fault describes
// them.
type Faults struct {
	// List gives the rules in their order, with their counts.
	List func() []Fault
	// Add arms a rule, which it decodes, behind the others; a name that is
	// taken: [ErrConflict]; one that makes no sense: [ErrInvalid].
	Add func(rule Body) (name string, err error)
	// Put arms a rule in the place of the one with the name, or behind the
	// others.
	Put func(name string, rule Body) error
	// Delete disarms a rule; unknown: [ErrNotFound].
	Delete func(name string) error
	// Clear disarms all.
	Clear func() error
}

// Fault is an armed rule and what became of it.
type Fault struct {
	Name string `json:"name"`
	// Hits is how many calls it took, Remaining how many more it may; nil:
	// without limit.
	Hits      int64  `json:"hits"`
	Remaining *int64 `json:"remaining,omitempty"`
	// Rule is the rule as it was given.
	Rule any `json:"rule"`
}

type faultList struct {
	Faults []Fault `json:"faults"`
}

func (f Faults) list(context.Context, nothing) (faultList, error) { return faultList{f.List()}, nil }

type faultInput struct {
	Name string `path:"name"`
}

func (f Faults) get(_ context.Context, in faultInput) (Fault, error) { return f.named(in.Name) }

func (f Faults) named(name string) (Fault, error) {
	for _, fault := range f.List() {
		if fault.Name == name {
			return fault, nil
		}
	}
	return Fault{}, fmt.Errorf("fault %q: %w", name, ErrNotFound)
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

func (f Faults) delete(_ context.Context, in faultInput) (done, error) { return ok, f.Delete(in.Name) }
func (f Faults) clear(context.Context, nothing) (done, error)          { return ok, f.Clear() }
