package lab

import (
	"time"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/scenarios"
)

// DryRun returns the state that [Lab.LoadSources] would begin with, and changes nothing.
// Errors: those of LoadSources, except a start in the past.
func (l *Lab) DryRun(sources ...scenarios.Source) (scenarios.Scenario, error) {
	scenario, err := l.reader.Read(sources...)
	if err != nil {
		return scenarios.Scenario{}, err
	}
	at := l.clock.Now()
	if start := scenario.Clock.Start; start.After(at) {
		at = start
	}
	state := store.New()
	if err := state.Replace(at, func(tx *store.Tx) error { return fill(tx, scenario, l.keys) }); err != nil {
		return scenarios.Scenario{}, err
	}
	after := scenarioOf(state)
	after.Seed, after.Faults = scenario.Seed, scenario.Faults
	return after, nil
}

// SnapshotState returns the rows and settings of a snapshot. Error: [vox.ErrNotFound].
func (l *Lab) SnapshotState(name string) (scenarios.Scenario, error) {
	l.mu.Lock()
	kept, ok := l.snapshots[name]
	l.mu.Unlock()
	if !ok {
		return scenarios.Scenario{}, noSnapshot(name)
	}
	return scenarioOf(store.From(kept.state)), nil
}

// Loaded returns the scenarios loaded last, merged.
func (l *Lab) Loaded() scenarios.Scenario {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.loaded
}

func scenarioOf(state *store.Store) scenarios.Scenario {
	var all scenarios.Scenario
	_ = state.Read(time.Time{}, func(tx *store.Tx) error { // the function never fails
		all = running{tx}.All()
		return nil
	})
	return all
}
