package lab

import (
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/scenarios"
)

// Save is the state as a scenario file that [Lab.BeginSaved] begins with: like
// [Lab.Export] with secrets, and with the emulator's time unless that is the
// machine's. It holds every secret: keep it like one.
func (l *Lab) Save() ([]byte, error) {
	now, release := l.clock.Hold()
	var out scenarios.Scenario
	err := l.store.Read(now, func(tx *store.Tx) error {
		out = running{tx}.All()
		return nil
	})
	if !l.clock.FollowsMachine() {
		out.Clock = scenarios.Clock{Start: now, Stopped: l.clock.IsStopped()}
	}
	release() // calls go on while the text is written
	if err != nil {
		return nil, err
	}
	return out.YAML()
}

// Changes counts the changes of the state and the clock: while it stays the same,
// [Lab.Save] has nothing new to say, but for how late it is.
func (l *Lab) Changes() uint64 { return l.store.Commits() + l.clock.Moves() }

// BeginSaved begins with a saved state and at its time; the scenarios are then
// what [Lab.Reset] goes back to.
func (l *Lab) BeginSaved(text []byte, names ...string) error {
	loaded, err := scenarios.Load(names...)
	if err != nil {
		return err
	}
	state, err := scenarios.Read(scenarios.Source{Name: "state", Text: text, Large: true})
	if err != nil {
		return err
	}
	if err := l.begin(state, names); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.loaded = loaded
	return nil
}
