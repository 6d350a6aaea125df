package store

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"github.com/hashicorp/go-memdb"
)

// dueIndex is an index on the time of a row's next event: [Rows.Earliest] returns the row
// with the earliest time of all accounts, [Rows.Together] those with the same account and
// time.
type dueIndex[R any] struct {
	name string
	at   func(*R) time.Time // zero: never
}

// dueSchema sorts by time and then by account. memdb appends the row's id.
func (t *table[K, R]) dueSchema(m dueIndex[R]) *memdb.IndexSchema {
	return &memdb.IndexSchema{Name: m.name, AllowMissing: true, Indexer: byKey{func(row any) ([]byte, bool) {
		at := m.at(row.(*R))
		if at.IsZero() {
			return nil, false
		}
		return appendValue(appendValue(make([]byte, 0, 2*numberLength), at), t.account(row.(*R))), true
	}}}
}

// Earliest returns the row with the earliest time; of several that of the smallest
// account, then of the smallest id. It returns false if no row has a time. It panics if
// the table has no such index, because names are constants.
func (r Rows[K, R]) Earliest(name string) (row R, at time.Time, ok bool) {
	m := r.table.dueIndex(name)
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

func (r Rows[K, R]) before(m dueIndex[R], a, b *R) bool {
	return cmp.Or(m.at(a).Compare(m.at(b)), cmp.Compare(r.table.account(a), r.table.account(b)),
		cmp.Compare(r.table.id(a), r.table.id(b))) < 0
}

// Together returns the earliest row and those of the same account with the same time, by
// id, at most limit. It panics like [Rows.Earliest].
func (r Rows[K, R]) Together(name string, limit int) []R {
	first, at, ok := r.Earliest(name)
	if !ok {
		return nil
	}
	m := r.table.dueIndex(name)
	belongs := func(row *R) bool { return m.at(row).Equal(at) && r.table.account(row) == r.table.account(&first) }
	var list []R
	for row := range r.earliestCommitted(name) { // they are first, by id
		if len(list) == limit || !belongs(row) {
			break
		}
		list = append(list, *row)
	}
	for _, changed := range r.staged() {
		if changed != nil && belongs(changed) {
			list = append(list, *changed)
		}
	}
	slices.SortFunc(list, func(a, b R) int { return cmp.Compare(r.table.id(&a), r.table.id(&b)) })
	return list[:min(limit, len(list))]
}

// earliestCommitted returns the rows of the snapshot that the transaction has not
// changed, in the order of their times.
func (r Rows[K, R]) earliestCommitted(name string) iter.Seq[*R] {
	return func(yield func(*R) bool) {
		found, err := r.tx.snapshot.Get(r.table.name, name)
		if err != nil { // cannot happen: table and index are constants
			panic(err)
		}
		for next := found.Next(); next != nil; next = found.Next() {
			if _, changed := r.staged()[r.table.id(next.(*R))]; !changed && !yield(next.(*R)) {
				return
			}
		}
	}
}

func (t *table[K, R]) dueIndex(name string) dueIndex[R] {
	for _, m := range t.due {
		if m.name == name {
			return m
		}
	}
	panic("store: table " + t.name + " has no due index " + name)
}
