package emulator

import (
	"cmp"
	"slices"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/listen"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/scenarios"
)

// Seed is a scenario that was loaded once for many servers. It never changes, is
// safe for concurrent use, and a server that begins with it starts in
// microseconds instead of milliseconds. The key pairs that its servers make are
// shared between them: an RSA key takes a tenth of a second.
type Seed struct {
	scenario scenarios.Scenario
	names    []string
	at       time.Time
	state    store.Snapshot
	keys     *listen.Keyring
}

// NewSeed loads a scenario. Its servers begin at the scenario's clock.start or,
// without one, at the given moment. names are what [Server.Health] tells.
// Errors: a key of the scenario that cannot be used, a fault rule that the API
// does not know how to meet.
func NewSeed(scenario scenarios.Scenario, at time.Time, names ...string) (*Seed, error) {
	seed := &Seed{
		scenario: scenario, names: slices.Clone(names), at: cmp.Or(scenario.Clock.Start, at).UTC(), keys: listen.NewKeyring(""),
	}
	reader, err := ScenarioReader()
	if err != nil {
		return nil, err
	}
	if err := reader.Known.Check(scenario.Faults...); err != nil {
		return nil, err
	}
	state := store.New()
	err = state.Replace(seed.at, func(tx *store.Tx) error { return fill(tx, scenario, seed.keys) })
	seed.state = state.Snapshot()
	return seed, err
}

// WithSeed begins with a seed, at its moment, instead of loading scenarios. Keys
// of [WithConfigDir] are not used.
func WithSeed(seed *Seed) Option { return func(o *options) { o.seed = seed } }

// memory is where a server keeps its state and its keys.
func (o options) memory() (*store.Store, *listen.Keyring) {
	if o.seed != nil {
		return store.From(o.seed.state), o.seed.keys
	}
	return store.New(), listen.NewKeyring(o.configDir)
}

// sow begins at the seed's moment.
func (s *Server) sow(seed *Seed) error {
	s.loaded, s.names = seed.scenario, seed.names
	if seed.scenario.Clock.Stopped {
		s.clock.Stop()
	}
	if err := s.faults.Begin(seed.scenario.Seed, seed.at, seed.scenario.Faults...); err != nil {
		return err
	}
	if err := s.clock.Begin(seed.at); err != nil || len(seed.scenario.Callbacks) == 0 {
		return err
	}
	s.callback.Pause() // and deliver what the scenario's queue holds
	s.callback.Resume()
	return nil
}
