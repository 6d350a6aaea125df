package lab

import (
	"io"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/scenarios"
)

// Save writes the state as a scenario file for [Lab.BeginSaved]: the result of
// [Lab.Export] with secrets, and the emulator's time unless it is the machine's. It
// contains all secrets.
func (l *Lab) Save(w io.Writer) error {
	now, release := l.clock.Hold()
	var out scenarios.Scenario
	err := l.store.Read(now, func(tx *store.Tx) error {
		out = running{tx}.All()
		return nil
	})
	if !l.clock.FollowsMachine() {
		out.Clock = scenarios.Clock{Start: now, Stopped: l.clock.IsStopped()}
	}
	release() // requests continue while the text is written
	if err != nil {
		return err
	}
	return out.WriteYAML(w)
}

// Changes returns the number of changes of state and clock. While it is the same, the
// result of [Lab.Save] differs at most in the time of a running clock.
func (l *Lab) Changes() uint64 { return l.store.Commits() + l.clock.Moves() }

// BeginSaved starts with a saved state and at its time. [Lab.Reset] goes back to the
// scenarios.
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
