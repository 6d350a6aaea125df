package lab

import (
	"slices"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/listen"
	"github.com/voxemu/voxemu/emulator/internal/sipreg"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/scenarios"
)

// Load replaces the whole state and all faults by scenarios, merged in this order:
// built-in names or files. A scenario can move the clock forward. Errors: an invalid
// scenario, or a start in the past; state and faults have not changed then.
func (l *Lab) Load(names ...string) error {
	scenario, err := l.reader.Load(names...)
	if err != nil {
		return err
	}
	return l.begin(scenario, names)
}

// LoadSources is [Lab.Load] for texts.
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

// Import replaces the state and the faults by exported ones, in YAML or JSON. Unlike
// [Lab.LoadSources] it does not change what [Lab.Reset] goes back to. After an error
// state and faults have not changed. Closing interrupt ends the reading of the text.
func (l *Lab) Import(state []byte, interrupt <-chan struct{}) error {
	scenario, err := l.reader.Read(scenarios.Source{Name: "state", Text: state, Interrupt: interrupt})
	if err != nil {
		return err
	}
	return l.fillNew(time.Time{}, scenario)
}

// fillNew replaces the state by a scenario. at is the time at which the new state starts,
// zero: now. The faults are armed last, when nothing else can fail.
func (l *Lab) fillNew(at time.Time, scenario scenarios.Scenario) error {
	if err := l.checkReal(scenario); err != nil {
		return err
	}
	scenario.Settings = l.settings(scenario.Settings)
	err := l.replace(at, func(now time.Time) error {
		return l.store.Replace(now, func(tx *store.Tx) error {
			tx.AfterCommit(l.publishReplaced)
			if err := fill(tx, scenario, l.keys); err != nil {
				return err
			}
			return l.faults.Begin(scenario.Seed, now, scenario.Faults...)
		})
	})
	if err == nil {
		l.forget(0)
	}
	return err
}

// Reset goes back to the scenarios loaded last, with their faults and counters of zero.
// Generated keys stay valid. The clock does not go back; times that a scenario omits are
// the current time.
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

// fill stores a scenario in an empty state.
func fill(tx *store.Tx, scenario scenarios.Scenario, keys *listen.Keyring) error {
	tx.SetSettings(scenario.Settings)
	return put(tx, scenario, keys)
}

// put completes and stores the rows of a scenario, and starts the registrations without a
// state.
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

// State returns settings, armed faults and all rows by id, with secrets, after running
// everything that is due. It does not include counters of faults and the times at which
// they were armed.
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

// Export returns the state with the armed faults as a scenario file. Without secrets, it
// omits api_keys, passwords and private keys.
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
