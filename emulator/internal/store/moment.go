package store

import (
	"iter"
	"time"

	"github.com/hashicorp/go-memdb"
)

// moment is an index on what happens to a row by itself: [Rows.Earliest] finds
// the row whose moment comes first, of all accounts.
type moment[R any] struct {
	name string
	at   func(*R) time.Time // zero: never
}

// when declares an index on a moment.
func when[R any](name string, at func(*R) time.Time) moment[R] { return moment[R]{name, at} }

func (m moment[R]) schema() *memdb.IndexSchema {
	return &memdb.IndexSchema{Name: m.name, AllowMissing: true, Indexer: byKey{func(row any) ([]byte, bool) {
		at := m.at(row.(*R))
		if at.IsZero() {
			return nil, false
		}
		return appendValue(nil, at), true
	}}}
}

// Earliest is the row whose moment comes first, the smallest id first when
// several come at once; false: no row has such a moment. It panics when the
// table has no such index: names are constants of the code.
func (r Rows[K, R]) Earliest(name string) (row R, at time.Time, ok bool) {
	m := r.table.moment(name)
	var best *R
	for candidate := range r.earliestCommitted(name) {
		best = candidate
		break
	}
	for _, changed := range r.staged() {
		if changed != nil && !m.at(changed).IsZero() && (best == nil || r.before(m, changed, best)) {
			best = changed
		}
	}
	if best == nil {
		return row, at, false
	}
	return *best, m.at(best), true
}

func (r Rows[K, R]) before(m moment[R], a, b *R) bool {
	return m.at(a).Before(m.at(b)) || m.at(a).Equal(m.at(b)) && r.table.id(a) < r.table.id(b)
}

// earliestCommitted walks the snapshot's rows that the transaction has not
// changed, in the order of their moments.
func (r Rows[K, R]) earliestCommitted(name string) iter.Seq[*R] {
	return func(yield func(*R) bool) {
		found, err := r.tx.snapshot.Get(r.table.name, name)
		if err != nil { // table and index are constants
			panic(err)
		}
		for next := found.Next(); next != nil; next = found.Next() {
			if _, changed := r.staged()[r.table.id(next.(*R))]; !changed && !yield(next.(*R)) {
				return
			}
		}
	}
}

func (t *table[K, R]) moment(name string) moment[R] {
	for _, m := range t.moments {
		if m.name == name {
			return m
		}
	}
	panic("store: table " + t.name + " has no moment " + name)
}
