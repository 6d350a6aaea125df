package lab

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// snapshot is a kept state; its moment is on the emulator's clock.
type snapshot struct {
	state store.Snapshot
	taken time.Time
}

// maxSnapshots bounds the memory that forgotten ones hold.
const maxSnapshots = 1000

// Snapshot describes a kept state.
type Snapshot struct {
	Name string `json:"name"`
	// TakenAt is on the emulator's clock.
	TakenAt time.Time `json:"taken_at"`
}

// TakeSnapshot keeps the state as it is under a name, in memory. Error:
// [vox.ErrConflict], the name is taken, or there are 1000 already.
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

// RestoreSnapshot goes back to a snapshot, which stays as it is: rows, settings and the
// ids that come next. The clock does not go back, so what was due in between
// happens at once. Armed faults stay as they are. Key pairs that were made
// meanwhile stay valid. Error: [vox.ErrNotFound].
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
			for key := range store.Keys(tx).All() {
				complete, err := completeKey(l.keys, key)
				if err != nil {
					return err
				}
				if err := store.Keys(tx).Put(complete); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// DeleteSnapshot forgets a snapshot. Error: [vox.ErrNotFound].
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

// Snapshots lists them by name.
func (l *Lab) Snapshots() []Snapshot {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := []Snapshot{}
	for _, name := range slices.Sorted(maps.Keys(l.snapshots)) {
		list = append(list, Snapshot{Name: name, TakenAt: l.snapshots[name].taken})
	}
	return list
}
