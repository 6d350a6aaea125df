package store

import (
	"iter"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/query"
)

// Table is a table of rows of type R with ids of type K. The variables of this package are
// the only ones. It has functions and no methods, and they only add the types: a package
// that uses a table compiles the functions that it calls, but would compile all methods.
type Table[K int64 | string, R any] struct{ kind *Kind }

// Get returns the row with an id. No row has the id zero, which means "none" in
// references.
func Get[K int64 | string, R any](tx *Tx, t Table[K, R], id K) (row R, ok bool) {
	return deref[R](tx.get(t.kind, query.Of(id)))
}

// deref returns a row; false for none.
func deref[R any](stored any) (row R, ok bool) {
	if stored == nil {
		return row, false
	}
	return *stored.(*R), true
}

// Put stores a row, or replaces the one with its id. It returns an error if the id is not
// positive (or is empty), or if another row has the same value in a unique index.
func Put[K int64 | string, R any](tx *Tx, t Table[K, R], row R) error { return tx.put(t.kind, &row) }

// Delete deletes a row and reports whether it existed.
func Delete[K int64 | string, R any](tx *Tx, t Table[K, R], id K) bool {
	return tx.delete(t.kind, query.Of(id))
}

// NextID returns an id above all that the table has ever had. Put makes it used.
func NextID[R any](tx *Tx, t Table[int64, R]) int64 { return t.kind.NextID(tx) }

// Len returns the number of rows.
func Len[K int64 | string, R any](tx *Tx, t Table[K, R]) int { return t.kind.Len(tx) }

// All returns the rows in the order of their ids, as they are at the start of the
// iteration.
func All[K int64 | string, R any](tx *Tx, t Table[K, R]) iter.Seq[R] {
	return values[R](tx.all(t.kind))
}

// Of returns the rows of an account, or of all accounts (0), by id. It reads no others if
// the table has indexes.
func Of[K int64 | string, R any](tx *Tx, t Table[K, R], account int64) iter.Seq[R] {
	return values[R](tx.of(t.kind, account))
}

// values returns copies of rows.
func values[R any](rows iter.Seq[any]) iter.Seq[R] {
	return func(yield func(R) bool) {
		rows(func(row any) bool { return yield(*row.(*R)) })
	}
}

// Conditions returns the conditions of a request's filters. The table must be the one that
// the specification names for the method (x-lists).
func Conditions[K int64 | string, R any](t Table[K, R], filters []query.Filter) Where[R] {
	return t.kind.conditions(filters)
}

// Select returns the page of an account's rows that meet all conditions, in the order of
// their ids. The cost grows with the number of blocks with candidates, not with the
// offset or the number of matching rows. For accounts, whose indexes have no scope,
// account is 0.
func Select[R any](tx *Tx, t Table[int64, R], account int64, where Where[R], page query.Page) []R {
	return copies[R](tx.selected(t.kind, account, where, page))
}

func copies[R any](stored []any) []R {
	rows := make([]R, len(stored))
	for i, row := range stored { // a loop of its own, so that the processor loads several rows in parallel
		rows[i] = *row.(*R)
	}
	return rows
}

// Refer is Select without copies: the rows must not be modified.
func Refer[R any](tx *Tx, t Table[int64, R], account int64, where Where[R], page query.Page) iter.Seq[*R] {
	return func(yield func(*R) bool) {
		for _, row := range tx.selected(t.kind, account, where, page) {
			if !yield(row.(*R)) {
				return
			}
		}
	}
}

// First returns the row with the smallest id among those of an account that meet all
// conditions.
func First[R any](tx *Tx, t Table[int64, R], account int64, where Where[R]) (row R, ok bool) {
	for _, found := range tx.selected(t.kind, account, where, query.Page{Count: 1}) {
		return deref[R](found)
	}
	return row, false
}

// IDs returns the ids of an account's rows that meet all conditions, ascending. It reads
// sets and no rows.
func IDs[R any](tx *Tx, t Table[int64, R], account int64, where Where[R]) []int64 {
	return tx.ids(t.kind, account, where, query.All())
}

// DeleteAll deletes an account's rows that meet all conditions.
func DeleteAll[R any](tx *Tx, t Table[int64, R], account int64, where Where[R]) {
	for _, id := range tx.ids(t.kind, account, where, query.All()) {
		tx.delete(t.kind, query.Number(id))
	}
}

// Count returns the number of an account's rows that meet all conditions. It reads sets
// and no rows.
func Count[R any](tx *Tx, t Table[int64, R], account int64, where Where[R]) int {
	return tx.count(t.kind, account, where)
}

// CountAll returns the number of rows of all accounts whose flags meet all conditions. It
// reads the blocks of the accounts.
func CountAll[R any](tx *Tx, t Table[int64, R], flags Where[R]) int {
	return tx.countAll(t.kind, flags)
}

// Earliest returns the row with the earliest time; of several that of the smallest
// account, then of the smallest id. It returns false if no row has a time.
func Earliest[K int64 | string, R any](tx *Tx, t Table[K, R], x Due[R]) (row R, at time.Time, ok bool) {
	found := tx.earliest(t.kind, x.index)
	if found == nil {
		return row, at, false
	}
	return *found.(*R), x.index.at(found), true
}

// Together returns the earliest row and those of the same account with the same time, by
// id, at most limit.
func Together[K int64 | string, R any](tx *Tx, t Table[K, R], x Due[R], limit int) []R {
	return copies[R](tx.together(t.kind, x.index, limit))
}

// Until returns the rows with a time up to until: by time, account and id. It reads no
// later ones.
func Until[K int64 | string, R any](tx *Tx, t Table[K, R], x Due[R], until time.Time) iter.Seq[R] {
	return values[R](tx.until(t.kind, x.index, until))
}

// Changes returns the rows that the transaction has written so far, in the order of their
// ids, before and after it. before is nil for a new row, after is nil for a deleted one.
// It includes rows that were written without a difference, and omits rows that were
// created and deleted. The rows must not be modified.
func Changes[K int64 | string, R any](tx *Tx, t Table[K, R]) iter.Seq2[*R, *R] {
	return func(yield func(before, after *R) bool) {
		for _, row := range tx.written(t.kind) {
			before, _ := row.committed.(*R)
			after, _ := row.row.(*R)
			if (before != nil || after != nil) && !yield(before, after) {
				return
			}
		}
	}
}
