package emulator

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/control"
	"github.com/voxemu/voxemu/emulator/internal/store"
)

// snapshot is a kept state; its moment is on the emulator's clock.
type snapshot struct {
	state store.Snapshot
	taken time.Time
}

// maxSnapshots bounds the memory that forgotten ones hold.
const maxSnapshots = 1000

// Snapshot keeps the state as it is under a name, in memory. Error: the name is
// taken, or there are 1000 already.
func (s *Server) Snapshot(name string) error {
	_, err := s.takeSnapshot(name)
	return err
}

func (s *Server) takeSnapshot(name string) (control.Snapshot, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch _, taken := s.snapshots[name]; {
	case taken:
		return control.Snapshot{}, fmt.Errorf("%w: there is a snapshot %q already; delete it first", control.ErrConflict, name)
	case len(s.snapshots) == maxSnapshots:
		return control.Snapshot{}, fmt.Errorf("%w: there are %d snapshots, the most there may be; delete some", control.ErrConflict, maxSnapshots)
	}
	kept := snapshot{s.store.Snapshot(), s.clock.Now()}
	s.snapshots[name] = kept
	return control.Snapshot{Name: name, TakenAt: kept.taken}, nil
}

// Restore goes back to a snapshot, which stays as it is: rows, settings and the
// ids that come next. The clock does not go back, so what was due in between
// happens at once. Armed faults stay as they are. Key pairs that were made
// meanwhile stay valid. Error: there is no such snapshot.
func (s *Server) Restore(name string) error {
	s.mu.Lock()
	kept, ok := s.snapshots[name]
	s.mu.Unlock()
	if !ok {
		return noSnapshot(name)
	}
	s.callback.Pause() // an attempt belongs to the state that it was begun in
	defer s.callback.Resume()
	defer s.clock.Wake() // other events are due
	return s.store.Restore(kept.state, s.clock.Now(), func(tx *store.Tx) error {
		tx.AfterCommit(s.tellReplaced)
		for key := range store.Keys(tx).All() {
			complete, err := completeKey(s.keys, key)
			if err != nil {
				return err
			}
			if err := store.Keys(tx).Put(complete); err != nil {
				return err
			}
		}
		return nil
	})
}

// DeleteSnapshot forgets a snapshot. Error: there is no such snapshot.
func (s *Server) DeleteSnapshot(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.snapshots[name]; !ok {
		return noSnapshot(name)
	}
	delete(s.snapshots, name)
	return nil
}

func noSnapshot(name string) error { return fmt.Errorf("snapshot %q: %w", name, control.ErrNotFound) }

// listSnapshots lists them by name.
func (s *Server) listSnapshots() []control.Snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []control.Snapshot{}
	for _, name := range slices.Sorted(maps.Keys(s.snapshots)) {
		list = append(list, control.Snapshot{Name: name, TakenAt: s.snapshots[name].taken})
	}
	return list
}
