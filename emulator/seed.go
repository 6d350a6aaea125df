package emulator

import (
	"time"

	"github.com/voxemu/voxemu/emulator/internal/lab"
	"github.com/voxemu/voxemu/scenarios"
)

// Seed is a scenario that was loaded once for many servers. It never changes, is
// safe for concurrent use, and a server that begins with it starts in
// microseconds instead of milliseconds. The key pairs that its servers make are
// shared between them: an RSA key takes a tenth of a second.
type Seed struct{ seed *lab.Seed }

// NewSeed loads a scenario. Its servers begin at the scenario's clock.start or,
// without one, at the given moment. names are what [Server.Health] tells.
// Errors: a key of the scenario that cannot be used, a fault rule that the API
// does not know how to meet.
func NewSeed(scenario scenarios.Scenario, at time.Time, names ...string) (*Seed, error) {
	reader, err := ScenarioReader()
	if err != nil {
		return nil, err
	}
	seed, err := lab.NewSeed(reader, scenario, at, names...)
	if err != nil {
		return nil, err
	}
	return &Seed{seed}, nil
}

// WithSeed begins with a seed, at its moment, instead of loading scenarios. Keys
// of [WithConfigDir] are not used.
func WithSeed(seed *Seed) Option { return func(o *options) { o.seed = seed } }
