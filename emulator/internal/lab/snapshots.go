package lab

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// snapshot is a saved state; its time is that of the emulator's clock.
type snapshot struct {
	state store.Snapshot
	taken time.Time
}

// maxSnapshots limits the memory of snapshots that are not deleted.
const maxSnapshots = 1000

// Snapshot describes a saved state.
type Snapshot struct {
	Name string `json:"name"`
	// TakenAt is a time of the emulator's clock.
	TakenAt time.Time `json:"taken_at"`
}

// TakeSnapshot saves the current state under a name, in memory. It returns
// [vox.ErrConflict] if the name is taken or if there are 1000 snapshots.
func (l *Lab) TakeSnapshot(name string) (Snapshot, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch _, taken := l.snapshots[name]; {
	case taken:
		return Snapshot{}, fmt.Errorf("%w: there is a snapshot %q already; delete it first", vox.ErrConflict, name)
	case len(l.snapshots) == maxSnapshots:
		return Snapshot{}, fmt.Errorf("%w: there are %d snapshots, the most there may be; delete some", vox.ErrConflict, maxSnapshots)
	}
	kept := snapshot{l.store.Snapshot(), l.clock.Now()}
	l.snapshots[name] = kept
	return Snapshot{Name: name, TakenAt: kept.taken}, nil
}

// RestoreSnapshot restores a snapshot, which is kept: rows, settings and the next ids.
// The clock does not go back, so everything that became due in between runs at once.
// Armed faults do not change. Key pairs generated meanwhile stay valid. Error:
// [vox.ErrNotFound].
func (l *Lab) RestoreSnapshot(name string) error {
	l.mu.Lock()
	kept, ok := l.snapshots[name]
	l.mu.Unlock()
	if !ok {
		return noSnapshot(name)
	}
	return l.replace(time.Time{}, func(now time.Time) error {
		return l.store.Restore(kept.state, now, func(tx *store.Tx) error {
			tx.AfterCommit(l.publishReplaced)
			for key := range store.All(tx, store.Keys) {
				complete, err := completeKey(l.keys, key)
				if err != nil {
					return err
				}
				if err := store.Put(tx, store.Keys, complete); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// DeleteSnapshot deletes a snapshot. Error: [vox.ErrNotFound].
func (l *Lab) DeleteSnapshot(name string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, ok := l.snapshots[name]; !ok {
		return noSnapshot(name)
	}
	delete(l.snapshots, name)
	return nil
}

func noSnapshot(name string) error { return fmt.Errorf("snapshot %q: %w", name, vox.ErrNotFound) }

// Snapshots returns the snapshots by name.
func (l *Lab) Snapshots() []Snapshot {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := []Snapshot{}
	for _, name := range slices.Sorted(maps.Keys(l.snapshots)) {
		list = append(list, Snapshot{Name: name, TakenAt: l.snapshots[name].taken})
	}
	return list
}
