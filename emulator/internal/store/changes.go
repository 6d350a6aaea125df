package store

import (
	"iter"
	"maps"
	"slices"
)

// Observe sets a function that is called before each commit, in the same transaction.
// What it adds is committed together with the changes, or not at all; its error aborts
// both. [Store.Replace] does not call it. Call Observe before the store is used.
func (s *Store) Observe(observer func(*Tx) error) { s.observer = observer }

// prior is a row before the first write of a transaction: staged by an earlier writer of
// the same commit, or committed.
type prior[R any] struct {
	staged bool
	row    *R
}

// touch records a row before its change, for the observer.
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

// Changes returns the rows that the transaction has written so far, in the order of their
// ids, before and after it. before is nil for a new row, after is nil for a deleted one.
// It includes rows that were written without a difference, and omits rows that were
// created and deleted. The rows must not be modified. Only an observer gets changes.
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
