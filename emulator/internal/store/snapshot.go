package store

import (
	"time"

	"github.com/hashicorp/go-memdb"
)

// Snapshot is the whole state at one moment, sequences and settings included.
// It never changes and shares what did not change since with the store.
type Snapshot struct{ db *memdb.MemDB }

// Snapshot takes one; it copies nothing.
func (s *Store) Snapshot() Snapshot { return Snapshot{s.db.Load().Snapshot()} }

// Restore runs fn on a snapshot's state, which takes the present one's place
// when fn succeeds. The snapshot itself stays as it is. The error is fn's.
func (s *Store) Restore(from Snapshot, now time.Time, fn func(*Tx) error) error {
	return s.replace(from.db.Snapshot(), now, fn)
}
