package lab

import (
	"slices"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// RowCount is the number of rows of a kind.
type RowCount struct {
	Kind string
	Rows int
}

// RowCounts returns the number of rows of each kind.
func (l *Lab) RowCounts() []RowCount {
	var counts []RowCount
	_ = l.read(func(tx *store.Tx) error { // the function never fails
		for _, section := range new(scenarios.Scenario).Sections() {
			counts = append(counts, RowCount{section.Name, kindOf(section.Rows).Len(tx)})
		}
		return nil
	})
	return counts
}

// RegistrationCounts returns the number of registrations in each state.
func (l *Lab) RegistrationCounts() map[vox.State]int {
	counts := map[vox.State]int{}
	_ = l.read(func(tx *store.Tx) error { // the function never fails
		counts[vox.InProgress] = store.CountAll(tx, store.Registrations, store.RegistrationInProgress.Is(true))
		counts[vox.Successful] = store.CountAll(tx, store.Registrations, store.RegistrationSuccessful.Is(true))
		counts[vox.Failed] = store.CountAll(tx, store.Registrations, store.RegistrationSuccessful.Is(false))
		counts[vox.Offline] = store.Len(tx, store.Registrations) - counts[vox.InProgress] - counts[vox.Successful] - counts[vox.Failed]
		return nil
	})
	return counts
}

// Names returns the names of the scenarios loaded last, in order.
func (l *Lab) Names() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.names)
}
