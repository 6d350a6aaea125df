package lab

import (
	"cmp"
	"slices"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/listen"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/scenarios"
)

// Seed is a scenario that was loaded once for many servers. It is immutable and safe for
// concurrent use.
type Seed struct {
	scenario scenarios.Scenario
	names    []string
	at       time.Time
	state    store.Snapshot
	keys     *listen.Keyring
}

// NewSeed loads a scenario. Its servers start at the scenario's clock.start or, if it has
// none, at the given time. names are the result of [Lab.Names]. It returns an error if a
// key of the scenario cannot be used, if a fault rule names unknown methods, parameters or
// errors, or if a kind of row lacks its table or section.
func NewSeed(reader scenarios.Reader, scenario scenarios.Scenario, at time.Time, names ...string) (*Seed, error) {
	seed := &Seed{
		scenario: scenario, names: slices.Clone(names), at: cmp.Or(scenario.Clock.Start, at).UTC(), keys: listen.NewKeyring(""),
	}
	if err := reader.Known.Check(scenario.Faults...); err != nil {
		return nil, err
	}
	if err := kindsFit(); err != nil {
		return nil, err
	}
	state := store.New()
	err := state.Replace(seed.at, func(tx *store.Tx) error { return fill(tx, scenario, seed.keys) })
	seed.state = state.Snapshot()
	return seed, err
}

// Store returns a new store with the seed's state.
func (s *Seed) Store() *store.Store { return store.From(s.state) }

// Keys returns the keyring that the seed's servers share.
func (s *Seed) Keys() *listen.Keyring { return s.keys }

// Begin starts at the seed's time; the store already has its state.
func (l *Lab) Begin(seed *Seed) error {
	if err := l.checkReal(seed.scenario); err != nil {
		return err
	}
	l.loaded, l.names = seed.scenario, seed.names
	if seed.scenario.Clock.Stops() {
		l.clock.Stop()
	}
	if err := l.faults.Begin(seed.scenario.Seed, seed.at, seed.scenario.Faults...); err != nil {
		return err
	}
	if err := l.clock.Begin(seed.at); err != nil {
		return err
	}
	if err := l.beginReal(); err != nil || len(seed.scenario.Callbacks) == 0 {
		return err
	}
	l.callbacks.Pause() // and deliver the callbacks in the scenario's queue
	l.callbacks.Resume()
	return nil
}
