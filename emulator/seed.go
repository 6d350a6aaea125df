package emulator

import (
	"time"

	"github.com/voxemu/voxemu/emulator/internal/lab"
	"github.com/voxemu/voxemu/scenarios"
)

// Seed is a scenario that was loaded once for many servers. It is immutable and safe for
// concurrent use. A server with a seed starts in microseconds instead of milliseconds.
// Servers share the key pairs that they generate, because an RSA key takes 0.1 s.
type Seed struct{ seed *lab.Seed }

// NewSeed loads a scenario. Its servers start at the scenario's clock.start or, if it has
// none, at the given time. names are the scenarios' names in [Server.Health]. It returns
// an error if a key of the scenario cannot be used, or if a fault rule names unknown
// methods, parameters or errors.
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

// WithSeed sets a seed as initial state, with its time, instead of scenarios. Keys in the
// folder of [WithConfigDir] are not used.
func WithSeed(seed *Seed) Option { return func(o *options) { o.seed = seed } }
