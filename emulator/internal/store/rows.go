package store

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/hashicorp/go-memdb"

	"github.com/voxemu/voxemu/emulator/internal/query"
)

// Rows is a table in a transaction, with the transaction's changes.
type Rows[K cmp.Ordered, R any] struct {
	tx    *Tx
	table *table[K, R]
}

// stage contains the changed rows of a table; nil is a deleted one.
type stage[K cmp.Ordered, R any] struct {
	table *table[K, R]
	rows  map[K]*R
	// holders maps unique values to staged rows, because a stage can be as large as a
	// scenario. The key is the name of the index and the key of the entry.
	holders map[string]K
}

func (r Rows[K, R]) staged() map[K]*R {
	if s, ok := r.tx.staged[r.table.tag].(*stage[K, R]); ok {
		return s.rows
	}
	return nil
}

func (r Rows[K, R]) stage(id K, row *R) {
	s, ok := r.tx.staged[r.table.tag].(*stage[K, R])
	if !ok {
		if r.tx.staged == nil {
			r.tx.staged = map[byte]pending{}
		}
		s = &stage[K, R]{r.table, map[K]*R{}, map[string]K{}}
		r.tx.staged[r.table.tag] = s
	}
	was, changed := s.rows[id]
	r.touch(id, changed, was)
	r.tx.before = append(r.tx.before, func() {
		s.hold(id, row, was)
		if s.rows[id] = was; !changed {
			delete(s.rows, id)
		}
	})
	s.hold(id, was, row)
	s.rows[id] = row
}

// hold replaces the unique values of was by those of row.
func (s *stage[K, R]) hold(id K, was, row *R) {
	for _, x := range s.table.indexes {
		if !x.unique {
			continue
		}
		if key, ok := s.table.holding(x, was); ok {
			delete(s.holders, key)
		}
		if key, ok := s.table.holding(x, row); ok {
			s.holders[key] = id
		}
	}
}

// holding returns the key in holders for a row's unique value.
func (t *table[K, R]) holding(x index[R], row *R) (string, bool) {
	v, ok := x.of(row)
	if !ok {
		return "", false
	}
	return x.name + string(entryKey(t.account(row), v)), true
}

func (s *stage[K, R]) write(txn *memdb.Txn, blocks *blockWriter) error {
	for id, after := range s.rows {
		before := s.table.at(blocks.snapshot, id)
		s.table.reindex(blocks, id, before, after)
		var err error
		switch {
		case after != nil:
			err = txn.Insert(s.table.name, after)
		case before != nil:
			err = txn.Delete(s.table.name, before)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// at returns the committed row; nil if there is none.
func (t *table[K, R]) at(snapshot *memdb.Txn, id K) *R {
	found, err := snapshot.First(t.name, "id", appendValue(nil, id))
	if err != nil { // cannot happen: table and index are constants
		panic(err)
	}
	row, _ := found.(*R)
	return row
}

// Get returns the row with an id. No row has the id zero, which means "none" in
// references.
func (r Rows[K, R]) Get(id K) (R, bool) {
	var none R
	var zero K
	if id == zero {
		return none, false
	}
	row, changed := r.staged()[id]
	if !changed {
		row = r.table.at(r.tx.snapshot, id)
	}
	if row == nil {
		return none, false
	}
	return *row, true
}

// Put stores a row, or replaces the one with its id. It returns an error if the id is not
// positive (or is empty), or if another row has the same value in a unique index.
func (r Rows[K, R]) Put(row R) error {
	id := r.table.id(&row)
	var zero K
	if id <= zero {
		return fmt.Errorf("%s: id %v: want a positive number or a text", r.table.name, id)
	}
	for _, x := range r.table.indexes {
		if err := r.refuseSecond(x, id, &row); err != nil {
			return err
		}
	}
	r.stage(id, &row)
	if n, ok := any(id).(int64); ok {
		r.tx.raise(r.table.name, n)
	}
	return nil
}

// refuseSecond returns an error for a duplicate in a unique index, because memdb does not
// check it.
func (r Rows[K, R]) refuseSecond(x index[R], id K, row *R) error {
	if !x.unique {
		return nil
	}
	v, ok := x.value(row)
	if !ok {
		return nil
	}
	other, held := r.holder(x, row, v)
	if held && other != id {
		return fmt.Errorf("%s: %s %v of row %v is already held by row %v", r.table.name, x.name, v, id, other)
	}
	return nil
}

// holder returns the row that has a unique value now.
func (r Rows[K, R]) holder(x index[R], row *R, v query.Value) (K, bool) {
	key, _ := r.table.holding(x, row)
	if s, ok := r.tx.staged[r.table.tag].(*stage[K, R]); ok {
		if id, ok := s.holders[key]; ok {
			return id, true
		}
	}
	for _, n := range r.table.entries(r.tx.snapshot, x, r.table.account(row), query.Range{Low: v, High: v}) {
		id := any(n).(K)
		if _, changed := r.staged()[id]; !changed {
			return id, true
		}
	}
	var none K
	return none, false
}

// Delete deletes a row and reports whether it existed.
func (r Rows[K, R]) Delete(id K) bool {
	if _, ok := r.Get(id); !ok {
		return false
	}
	r.stage(id, nil)
	return true
}

// NextID returns an id above all that the table has ever had, for tables with numeric
// ids. Put makes it used.
func (r Rows[K, R]) NextID() int64 { return r.tx.last(r.table.name) + 1 }

// All returns the rows in the order of their ids, as they are at the start of the
// iteration.
func (r Rows[K, R]) All() iter.Seq[R] {
	return func(yield func(R) bool) {
		ids := slices.Sorted(maps.Keys(r.staged()))
		for row := range r.committed() {
			for ; len(ids) > 0 && ids[0] < r.table.id(row); ids = ids[1:] {
				if added, ok := r.Get(ids[0]); ok && !yield(added) {
					return
				}
			}
			if len(ids) > 0 && ids[0] == r.table.id(row) {
				continue // the staged row follows
			}
			if !yield(*row) {
				return
			}
		}
		for _, id := range ids {
			if added, ok := r.Get(id); ok && !yield(added) {
				return
			}
		}
	}
}

func (r Rows[K, R]) committed() iter.Seq[*R] {
	return func(yield func(*R) bool) {
		found, err := r.tx.snapshot.Get(r.table.name, "id")
		if err != nil { // cannot happen: table and index are constants
			panic(err)
		}
		for row := found.Next(); row != nil; row = found.Next() {
			if !yield(row.(*R)) {
				return
			}
		}
	}
}

// Len returns the number of rows.
func (r Rows[K, R]) Len() int {
	n := 0
	for range r.All() {
		n++
	}
	return n
}

// First returns the row with the smallest id among those of an account with a value in an
// index. For accounts, whose indexes have no scope, account is 0.
func (r Rows[K, R]) First(account int64, index string, value query.Value) (R, bool) {
	found, err := r.Select(account, []query.Match{query.Is(index, value)}, query.Page{Count: 1})
	if err != nil || len(found) == 0 {
		var none R
		return none, false
	}
	return found[0], true
}
