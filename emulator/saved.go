package emulator

import (
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/scenarios"
)

// Save is the state as a scenario file that [WithState] begins with: like
// [Server.ExportWithSecrets], and with the emulator's time unless that is the
// machine's. It holds every secret: keep it like one.
func (s *Server) Save() ([]byte, error) {
	now, release := s.clock.Hold()
	var out scenarios.Scenario
	err := s.store.Read(now, func(tx *store.Tx) error {
		out = taken(tx)
		return nil
	})
	if !s.clock.FollowsMachine() {
		out.Clock = scenarios.Clock{Start: now, Stopped: s.clock.IsStopped()}
	}
	release() // calls go on while the text is written
	if err != nil {
		return nil, err
	}
	return out.YAML()
}

// Changes counts the changes of the state and the clock: while it stays the same,
// [Server.Save] has nothing new to say, but for how late it is.
func (s *Server) Changes() uint64 { return s.store.Commits() + s.clock.Moves() }

// resume begins with a saved state.
func (s *Server) resume(text []byte) error {
	seed, err := scenarios.Load(s.scenarios...)
	if err != nil {
		return err
	}
	state, err := scenarios.Read(scenarios.Source{Name: "state", Text: text, Large: true})
	if err != nil {
		return err
	}
	if err := s.begin(state, s.scenarios); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.loaded = seed
	return nil
}
