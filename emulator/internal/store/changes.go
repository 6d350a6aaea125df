package store

import (
	"fmt"
	"iter"
	"slices"

	"github.com/hashicorp/go-memdb"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/vox"
)

// changes are a snapshot and the changes to it. They are kept beside it and written
// together at the commit, because reading in memdb's write transaction would discard the
// writer's node cache (docs/design-notes.md#reading-in-a-write-transaction).
type changes struct {
	snapshot  *version
	rows      [maxKinds]*changedRows // nil: none
	committed *totals                // nil: not read yet
	changed   *totals                // nil: as committed
}

// totals are what is no row.
type totals struct {
	settings *vox.Settings   // nil: never set
	last     [maxKinds]int64 // the highest id that each kind has ever had
	rows     [maxKinds]int   // the number of rows of each kind
}

func (*totals) storedAt() []byte { return totalsKey }

// changedRows are the changed rows of a kind.
type changedRows struct {
	kind *Kind
	list []changedRow
	at   map[query.Value]int // position in list; nil while the list is short
	// holders maps the keys of unique values to the ids of changed rows that did not have
	// the value before.
	holders map[string]query.Value
}

// changedRow is a row before and after the changes of a commit; nil: there is none.
type changedRow struct {
	id             query.Value
	committed, row any
}

// shortList is the number of rows up to which a search is faster than a map.
const shortList = 8

func (c *changes) totals() *totals {
	if c.changed != nil {
		return c.changed
	}
	if c.committed == nil {
		c.committed, _ = c.snapshot.get(totalsKey).(*totals)
		if c.committed == nil {
			c.committed = new(totals)
		}
	}
	return c.committed
}

func (c *changes) changeTotals() *totals {
	if c.changed == nil {
		own := *c.totals()
		c.changed = &own
	}
	return c.changed
}

// find returns the position of a row's change; false if there is none.
func (r *changedRows) find(id query.Value) (at int, changed bool) {
	if r == nil {
		return 0, false
	}
	if r.at != nil {
		at, changed = r.at[id]
		return at, changed
	}
	at = slices.IndexFunc(r.list, func(row changedRow) bool { return row.id == id })
	return at, at >= 0
}

// add begins a change of a row, or continues it.
func (c *changes) add(k *Kind, id query.Value) (rows *changedRows, at int) {
	rows = c.rows[k.number]
	if rows == nil {
		rows = &changedRows{kind: k, list: make([]changedRow, 0, 2)}
		c.rows[k.number] = rows
	}
	if at, changed := rows.find(id); changed {
		return rows, at
	}
	committed := c.snapshot.row(k, id)
	rows.list = append(rows.list, changedRow{id, committed, committed})
	at = len(rows.list) - 1
	switch {
	case rows.at != nil:
		rows.at[id] = at
	case len(rows.list) > shortList:
		rows.at = make(map[query.Value]int, 2*len(rows.list))
		for i, row := range rows.list {
			rows.at[row.id] = i
		}
	}
	return rows, at
}

// get returns a row with the changes; nil if there is none. No row has the id zero, which
// means "none" in references.
func (c *changes) get(k *Kind, id query.Value) any {
	if id.Number == 0 && id.Text == "" {
		return nil
	}
	if at, changed := c.rows[k.number].find(id); changed {
		return c.rows[k.number].list[at].row
	}
	return c.snapshot.row(k, id)
}

// set replaces a changed row and what is counted and held by it.
func (c *changes) set(rows *changedRows, at int, row any) {
	was := rows.list[at].row
	rows.list[at].row = row
	switch number := rows.kind.number; {
	case was == nil && row != nil:
		c.changeTotals().rows[number]++
	case was != nil && row == nil:
		c.changeTotals().rows[number]--
	}
	for _, x := range rows.kind.indexes {
		if x.layout != unique || rows.kind.same(x, was, row) {
			continue
		}
		if before, held := rows.kind.entryOf(x, was); held {
			delete(rows.holders, string(before))
		}
		if after, holds := rows.kind.entryOf(x, row); holds {
			if rows.holders == nil {
				rows.holders = map[string]query.Value{}
			}
			rows.holders[string(after)] = rows.list[at].id
		}
	}
}

// same reports whether two rows have the same value in an index, in the same account.
func (k *Kind) same(x *index, a, b any) bool {
	v, has := x.valueOf(a)
	w, had := x.valueOf(b)
	return has && had && v == w && k.account(a) == k.account(b)
}

// put stores a row. Errors: those of [Put].
func (tx *Tx) put(k *Kind, row any) error {
	id := k.id(row)
	if id.Number <= 0 && id.Text == "" {
		return fmt.Errorf("%s: id %v: want a positive number or a text", k.name, idOf(id))
	}
	rows, at := tx.add(k, id)
	for _, x := range k.indexes {
		if x.layout != unique || k.same(x, rows.list[at].row, row) {
			continue
		}
		if other, held := tx.holder(k, x, row); held && other != id.Number {
			return fmt.Errorf("%s: %s of row %d is already held by row %d", k.name, x.name, id.Number, other)
		}
	}
	tx.change(rows, at, row)
	if totals := tx.totals(); id.Number > totals.last[k.number] {
		tx.changeTotals().last[k.number] = id.Number
	}
	return nil
}

// delete deletes a row and reports whether it existed.
func (tx *Tx) delete(k *Kind, id query.Value) bool {
	if tx.get(k, id) == nil {
		return false
	}
	rows, at := tx.add(k, id)
	tx.change(rows, at, nil)
	return true
}

func (tx *Tx) change(rows *changedRows, at int, row any) {
	if tx.undo == nil {
		tx.undo = make([]undo, 0, 4)
	}
	tx.undo = append(tx.undo, undo{rows, at, rows.list[at].row, tx.totals().last[rows.kind.number]})
	tx.set(rows, at, row)
}

// holder returns the row that has now the same value as row in a unique index.
func (c *changes) holder(k *Kind, x *index, row any) (id int64, held bool) {
	entry, ok := k.entryOf(x, row)
	if !ok {
		return 0, false
	}
	if rows := c.rows[k.number]; rows != nil {
		if id, ok := rows.holders[string(entry)]; ok {
			return id.Number, true
		}
	}
	entries := c.snapshot.objects(entry, entry)
	found, _ := entries.next().(*entryRow)
	if found == nil {
		return 0, false
	}
	id = lastNumber(found.key)
	if now, has := k.entryOf(x, c.get(k, query.Number(id))); !has || string(now) != string(entry) {
		return 0, false
	}
	return id, true
}

// all returns the rows in the order of their ids, as they are at the start of the
// iteration.
func (c *changes) all(k *Kind) iter.Seq[any] {
	return func(yield func(any) bool) {
		changed := c.rows[k.number].sorted()
		stored := c.snapshot.within(key{k.number, rowPart})
		next := stored.Next()
		for next != nil || len(changed) > 0 {
			row := next
			if len(changed) > 0 && (next == nil || changed[0].id.Compare(k.id(next)) <= 0) {
				if row = changed[0].row; next != nil && changed[0].id == k.id(next) {
					next = stored.Next()
				}
				changed = changed[1:]
			} else {
				next = stored.Next()
			}
			if row != nil && !yield(row) {
				return
			}
		}
	}
}

// all returns the changes; r may be nil.
func (r *changedRows) all() []changedRow {
	if r == nil {
		return nil
	}
	return r.list
}

// of returns the rows of an account, or of all (0).
func (c *changes) of(k *Kind, account int64) iter.Seq[any] {
	if account == 0 || !k.numeric || len(k.indexes) == 0 {
		return func(yield func(any) bool) {
			for row := range c.all(k) {
				if (account == 0 || k.account(row) == account) && !yield(row) {
					return
				}
			}
		}
	}
	return slices.Values(c.selected(k, account, nil, query.All()))
}

// sorted returns the changes in the order of the ids.
func (r *changedRows) sorted() []changedRow {
	list := slices.Clone(r.all())
	slices.SortFunc(list, func(a, b changedRow) int { return a.id.Compare(b.id) })
	return list
}

// isEmpty reports whether a commit would change nothing.
func (c *changes) isEmpty() bool {
	if c.changed != nil && *c.changed != *c.committed {
		return false
	}
	for _, rows := range c.rows {
		if rows != nil && slices.ContainsFunc(rows.list, func(row changedRow) bool { return row.row != row.committed }) {
			return false
		}
	}
	return true
}

// commit writes the changes.
func (c *changes) commit(db *memdb.MemDB) {
	txn := db.Txn(true)
	defer txn.Abort() // has no effect after Commit
	w := writer{snapshot: c.snapshot, txn: txn, moves: make([]move, 0, 8), keys: make(key, 0, 512)}
	for _, rows := range c.rows {
		if rows == nil {
			continue
		}
		if n := len(rows.list); n > shortList { // growing would allocate as much again
			w.moves, w.keys = slices.Grow(w.moves, 8*n), slices.Grow(w.keys, 256*n)
		}
		for _, row := range rows.list {
			if row.row == row.committed {
				continue
			}
			w.reindex(rows.kind, row)
			if row.row != nil {
				w.insert(row.row)
			} else {
				w.delete(row.committed)
			}
		}
	}
	w.flush()
	if c.changed != nil {
		w.insert(c.changed)
	}
	txn.Commit()
}
