package lab

import (
	"slices"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// RowCount is how many rows of a kind there are.
type RowCount struct {
	Kind string
	Rows int
}

// RowCounts counts the rows of every kind.
func (l *Lab) RowCounts() []RowCount {
	var counts []RowCount
	_ = l.read(func(tx *store.Tx) error { // the function returns no error
		for _, section := range new(scenarios.Scenario).Sections() {
			counts = append(counts, RowCount{section.Name, kindOf(section.Rows).Len(tx)})
		}
		return nil
	})
	return counts
}

// RegistrationCounts counts the registrations by state.
func (l *Lab) RegistrationCounts() map[vox.State]int {
	counts := map[vox.State]int{}
	_ = l.read(func(tx *store.Tx) error { // the function returns no error
		for r := range store.Registrations(tx).All() {
			counts[r.State]++
		}
		return nil
	})
	return counts
}

// Names are the scenarios loaded last, in their order.
func (l *Lab) Names() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.names)
}
