package store

import (
	"iter"
	"maps"
	"slices"
)

// Observe sets a function that is called with the changes of every write,
// before the commit and in the same transaction: what the function adds is
// committed together with its cause, or not at all; its error aborts both.
// Loading a state ([Store.Replace]) is no change. Call it before the store is
// used.
func (s *Store) Observe(observer func(*Tx) error) { s.observer = observer }

// prior is what a transaction found when it first wrote a row: what an earlier
// writer of the same commit had staged, or else the committed row.
type prior[R any] struct {
	staged bool
	row    *R
}

// touch notes what the transaction finds, for the observer.
func (r Rows[K, R]) touch(id K, staged bool, row *R) {
	if r.tx.touched == nil {
		return
	}
	touched, ok := r.tx.touched[r.table.tag].(map[K]prior[R])
	if !ok {
		touched = map[K]prior[R]{}
		r.tx.touched[r.table.tag] = touched
	}
	if _, again := touched[id]; !again {
		touched[id] = prior[R]{staged, row}
	}
}

// Changes walks the rows that the transaction has written so far, in the order
// of their ids: as they were before it and as they are now. before is nil for a
// new row, after is nil for a deleted one. Rows that were written without a
// difference are among them; those that were made and deleted again are not.
// The rows must not be modified. Only an observer sees changes.
func (r Rows[K, R]) Changes() iter.Seq2[*R, *R] {
	return func(yield func(before, after *R) bool) {
		touched, _ := r.tx.touched[r.table.tag].(map[K]prior[R])
		for _, id := range slices.Sorted(maps.Keys(touched)) {
			before, after := touched[id].row, r.staged()[id]
			if !touched[id].staged {
				before = r.table.at(r.tx.snapshot, id)
			}
			if before == nil && after == nil {
				continue
			}
			if !yield(before, after) {
				return
			}
		}
	}
}
