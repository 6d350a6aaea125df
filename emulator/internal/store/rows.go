package store

import (
	"iter"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/query"
)

// Rows is a table in a transaction, with the transaction's changes. It adds the types to
// functions without any, which are compiled once for all tables.
type Rows[K int64 | string, R any] struct {
	tx   *Tx
	kind *Kind
}

// Get returns the row with an id. No row has the id zero, which means "none" in
// references.
func (r Rows[K, R]) Get(id K) (row R, ok bool) { return deref[R](r.tx.get(r.kind, query.Of(id))) }

// deref returns a row; false for none.
func deref[R any](stored any) (row R, ok bool) {
	if stored == nil {
		return row, false
	}
	return *stored.(*R), true
}

// Put stores a row, or replaces the one with its id. It returns an error if the id is not
// positive (or is empty), or if another row has the same value in a unique index.
func (r Rows[K, R]) Put(row R) error { return r.tx.put(r.kind, &row) }

// Delete deletes a row and reports whether it existed.
func (r Rows[K, R]) Delete(id K) bool { return r.tx.delete(r.kind, query.Of(id)) }

// NextID returns an id above all that the table has ever had, for tables with numeric
// ids. Put makes it used.
func (r Rows[K, R]) NextID() int64 { return r.kind.NextID(r.tx) }

// Len returns the number of rows.
func (r Rows[K, R]) Len() int { return r.kind.Len(r.tx) }

// All returns the rows in the order of their ids, as they are at the start of the
// iteration.
func (r Rows[K, R]) All() iter.Seq[R] { return r.Of(0) }

// Of returns the rows of an account, or of all accounts (0), by id. It reads no others if
// the table has indexes.
func (r Rows[K, R]) Of(account int64) iter.Seq[R] {
	return func(yield func(R) bool) {
		for row := range r.tx.of(r.kind, account) {
			if !yield(*row.(*R)) {
				return
			}
		}
	}
}

// Where returns the conditions of a request's filters. The table must be the one that the
// specification names for the method (x-lists).
func (r Rows[K, R]) Where(filters []query.Filter) Where[R] { return r.kind.conditions(filters) }

// Select returns the page of an account's rows that meet all conditions, in the order of
// their ids. The cost grows with the number of blocks with candidates, not with the
// offset or the number of matching rows. For accounts, whose indexes have no scope,
// account is 0.
func (r Rows[K, R]) Select(account int64, where Where[R], page query.Page) []R {
	return list[R](r.tx.selected(r.kind, account, where, page))
}

func list[R any](stored []any) []R {
	rows := make([]R, len(stored))
	for i, row := range stored { // a loop of its own, so that the processor loads several rows in parallel
		rows[i] = *row.(*R)
	}
	return rows
}

// Refer is Select without copies: the rows must not be modified.
func (r Rows[K, R]) Refer(account int64, where Where[R], page query.Page) iter.Seq[*R] {
	return func(yield func(*R) bool) {
		for _, row := range r.tx.selected(r.kind, account, where, page) {
			if !yield(row.(*R)) {
				return
			}
		}
	}
}

// First returns the row with the smallest id among those of an account that meet all
// conditions.
func (r Rows[K, R]) First(account int64, where Where[R]) (row R, ok bool) {
	for _, found := range r.tx.selected(r.kind, account, where, query.Page{Count: 1}) {
		return deref[R](found)
	}
	return row, false
}

// IDs returns the ids of an account's rows that meet all conditions, ascending. It reads
// sets and no rows.
func (r Rows[K, R]) IDs(account int64, where Where[R]) []int64 {
	return r.tx.ids(r.kind, account, where, query.All())
}

// DeleteAll deletes an account's rows that meet all conditions.
func (r Rows[K, R]) DeleteAll(account int64, where Where[R]) {
	for _, id := range r.IDs(account, where) {
		r.tx.delete(r.kind, query.Number(id))
	}
}

// Count returns the number of an account's rows that meet all conditions. It reads sets
// and no rows.
func (r Rows[K, R]) Count(account int64, where Where[R]) int {
	return r.tx.count(r.kind, account, where)
}

// CountAll returns the number of rows of all accounts whose flags meet all conditions. It
// reads the blocks of the accounts.
func (r Rows[K, R]) CountAll(flags Where[R]) int { return r.tx.countAll(r.kind, flags) }

// Earliest returns the row with the earliest time; of several that of the smallest
// account, then of the smallest id. It returns false if no row has a time.
func (r Rows[K, R]) Earliest(x Due[R]) (row R, at time.Time, ok bool) {
	for found := range r.tx.due(r.kind, x.index) {
		return *found.(*R), x.at(found), true
	}
	return row, at, false
}

// Together returns the earliest row and those of the same account with the same time, by
// id, at most limit.
func (r Rows[K, R]) Together(x Due[R], limit int) (rows []R) {
	var first any
	for row := range r.tx.due(r.kind, x.index) {
		if first == nil {
			first = row
		}
		if len(rows) == limit || !x.at(row).Equal(x.at(first)) || r.kind.account(row) != r.kind.account(first) {
			break
		}
		rows = append(rows, *row.(*R))
	}
	return rows
}

// Until returns the rows with a time up to until: by time, account and id. It reads no
// later ones.
func (r Rows[K, R]) Until(x Due[R], until time.Time) iter.Seq[R] {
	return func(yield func(R) bool) {
		for row := range r.tx.due(r.kind, x.index) {
			if x.at(row).After(until) || !yield(*row.(*R)) {
				return
			}
		}
	}
}

// Changes returns the rows that the transaction has written so far, in the order of their
// ids, before and after it. before is nil for a new row, after is nil for a deleted one.
// It includes rows that were written without a difference, and omits rows that were
// created and deleted. The rows must not be modified.
func (r Rows[K, R]) Changes() iter.Seq2[*R, *R] {
	return func(yield func(before, after *R) bool) {
		for _, row := range r.tx.written(r.kind) {
			before, _ := row.committed.(*R)
			after, _ := row.row.(*R)
			if (before != nil || after != nil) && !yield(before, after) {
				return
			}
		}
	}
}
