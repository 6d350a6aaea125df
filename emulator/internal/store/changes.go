package store

import (
	"iter"
	"maps"
	"slices"
)

// Observe sets a function that sees what every write has changed, before it is
// committed and in the same transaction: what the function adds is committed
// together with its cause, or not at all; its error aborts both. Loading a state
// ([Store.Replace]) is no change. Call it before the store is used.
func (s *Store) Observe(observer func(*Tx) error) { s.observer = observer }

// observed is a write and then the observer.
func (s *Store) observed(fn func(*Tx) error) func(*Tx) error {
	if s.observer == nil {
		return fn
	}
	return func(tx *Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return s.observer(tx)
	}
}

// Changes walks the rows that the transaction has written so far, in the order
// of their ids: as they were before it and as they are now. before is nil for a
// new row, after is nil for a deleted one. Rows that were written without a
// difference are among them; those that were made and deleted again are not.
// The rows must not be modified.
func (r Rows[K, R]) Changes() iter.Seq2[*R, *R] {
	return func(yield func(before, after *R) bool) {
		staged := r.staged()
		for _, id := range slices.Sorted(maps.Keys(staged)) {
			before, after := r.table.at(r.tx.snapshot, id), staged[id]
			if before == nil && after == nil {
				continue
			}
			if !yield(before, after) {
				return
			}
		}
	}
}
