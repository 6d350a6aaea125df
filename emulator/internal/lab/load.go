package lab

import (
	"slices"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/listen"
	"github.com/voxemu/voxemu/emulator/internal/sipreg"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/scenarios"
)

// Load replaces the whole state and all faults by the scenarios, laid on top of
// each other: built-in names or files. A scenario may say at which time it
// begins; time does not go back. Errors: a scenario that is not valid, a
// beginning that has passed; state and faults stay as they were.
func (l *Lab) Load(names ...string) error {
	scenario, err := l.reader.Load(names...)
	if err != nil {
		return err
	}
	return l.begin(scenario, names)
}

// LoadSources is [Lab.Load] for texts at hand.
func (l *Lab) LoadSources(sources ...scenarios.Source) error {
	scenario, err := l.reader.Read(sources...)
	if err != nil {
		return err
	}
	return l.begin(scenario, namesOf(sources))
}

func namesOf(sources []scenarios.Source) []string {
	names := make([]string, len(sources))
	for i, source := range sources {
		names[i] = source.Name
	}
	return names
}

// Import replaces the state and the faults by exported ones, in YAML or JSON.
// Unlike [Lab.LoadSources] it leaves alone what [Lab.Reset] goes back to.
// On an error state and faults stay as they were.
func (l *Lab) Import(state []byte) error {
	scenario, err := l.reader.Read(scenarios.Source{Name: "state", Text: state})
	if err != nil {
		return err
	}
	return l.fillNew(time.Time{}, scenario)
}

// fillNew fills an empty state, which takes the old one's place at a moment; zero:
// now. The faults come last, when nothing else can fail.
func (l *Lab) fillNew(at time.Time, scenario scenarios.Scenario) error {
	return l.replace(at, func(now time.Time) error {
		return l.store.Replace(now, func(tx *store.Tx) error {
			tx.AfterCommit(l.publishReplaced)
			if err := fill(tx, scenario, l.keys); err != nil {
				return err
			}
			return l.faults.Begin(scenario.Seed, now, scenario.Faults...)
		})
	})
}

// Reset goes back to the scenarios loaded last, their faults included, which are
// counted from zero; keys that were made meanwhile stay valid. Time goes on: what a scenario leaves open is dated now.
func (l *Lab) Reset() error {
	l.mu.Lock()
	scenario, names := l.loaded, l.names
	l.mu.Unlock()
	return l.seed(time.Time{}, scenario, names)
}

func (l *Lab) seed(at time.Time, scenario scenarios.Scenario, names []string) error {
	if err := l.fillNew(at, scenario); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.loaded, l.names = scenario, slices.Clone(names)
	return nil
}

// fill puts a scenario into an empty state.
func fill(tx *store.Tx, scenario scenarios.Scenario, keys *listen.Keyring) error {
	tx.SetSettings(scenario.Settings)
	return put(tx, scenario, keys)
}

// put puts the rows of a scenario, completed, and starts the registrations without
// a state.
func put(tx *store.Tx, scenario scenarios.Scenario, keys *listen.Keyring) error {
	scenario.Settings = tx.Settings()
	scenario = scenario.Dated(tx.Now())
	var err error
	if scenario.Keys, err = completeKeys(keys, scenario.Keys); err != nil {
		return err
	}
	if err := putAll(tx, scenario); err != nil {
		return err
	}
	return sipreg.StartNew(tx, scenario.Registrations)
}

// State is the settings, all rows, secrets included, by id, once everything that
// is due has happened, and the armed faults as they were written: what they have
// counted is no state, and neither is the moment from which their offsets count.
func (l *Lab) State() (scenarios.Scenario, error) {
	now, release := l.clock.Hold()
	defer release()
	var out scenarios.Scenario
	err := l.store.Read(now, func(tx *store.Tx) error {
		out = running{tx}.All()
		return nil
	})
	out.Seed = l.faults.Seed()
	for _, status := range l.faults.Rules() {
		out.Faults = append(out.Faults, status.Rule)
	}
	return out, err
}

// Export is the state with the armed faults as a scenario file. Without secrets,
// api keys, passwords and private keys are left out.
func (l *Lab) Export(secrets bool) ([]byte, error) {
	out, err := l.State()
	if err != nil {
		return nil, err
	}
	if !secrets {
		out = out.WithoutSecrets()
	}
	return out.YAML()
}
