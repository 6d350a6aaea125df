package store

import (
	"time"

	"github.com/hashicorp/go-memdb"
)

// Snapshot is the whole state at one time, including sequences and settings. It is
// immutable and shares unchanged parts with the store.
type Snapshot struct{ db *memdb.MemDB }

// Snapshot returns the current state; it copies nothing.
func (s *Store) Snapshot() Snapshot { return Snapshot{s.db.Load().Snapshot()} }

// Restore runs fn on a snapshot's state, which replaces the current one if fn succeeds.
// The snapshot does not change. The error is fn's.
func (s *Store) Restore(from Snapshot, now time.Time, fn func(*Tx) error) error {
	return s.replace(from.db.Snapshot(), now, fn)
}
