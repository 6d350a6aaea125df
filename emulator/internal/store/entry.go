package store

import (
	"bytes"
	"cmp"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/query"
)

// entryRow is an entry of a row in an index without blocks. The id is the end of the key:
// otherwise a value that moves from one row to another within a commit would be lost if
// the old row is written last.
type entryRow struct{ key key }

func (e *entryRow) storedAt() []byte { return e.key }

// entryOf returns the key of a row's entry, without the id; false if it has none.
func (k *Kind) entryOf(x *index, row any) (key, bool) {
	v, ok := x.valueOf(row)
	if !ok {
		return nil, false
	}
	return k.appendEntryKey(make(key, 0, 48), x, k.account(row), v), true
}

func (k *Kind) appendEntryKey(buffer key, x *index, account int64, v query.Value) key {
	entry := k.part(buffer, x.number)
	if x.layout == due {
		return appendNumber(appendValue(entry, v), account)
	}
	return appendValue(appendNumber(entry, account), v)
}

// entryIDs returns the ids of the rows with a value in one of the ranges, sorted and
// without duplicates.
func (k *Kind) entryIDs(snapshot *version, x *index, account int64, ranges []query.Range) []int64 {
	var ids []int64
	for _, r := range ranges {
		high := k.appendEntryKey(nil, x, account, r.High)
		found := snapshot.objects(k.appendEntryKey(nil, x, account, r.Low), k.part(nil, x.number))
		for e, ok := found.next().(*entryRow); ok; e, ok = found.next().(*entryRow) {
			if bytes.Compare(beforeNumber(e.key), high) > 0 {
				break
			}
			ids = append(ids, lastNumber(e.key))
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// listSource matches given ids, sorted and without duplicates.
type listSource struct {
	blockMatches
	ids []int64
}

func (l *listSource) next(number int64) (int64, bool) {
	l.ids = l.ids[l.before(number):]
	if len(l.ids) == 0 {
		return 0, false
	}
	at := l.ids[0] >> blockBits
	n := l.before(at + 1)
	offsets := make([]uint16, n)
	for i, id := range l.ids[:n] {
		offsets[i] = offsetOf(id)
	}
	l.clear()
	l.add(&idSet{n: n, sparse: offsets})
	return at, true
}

// before returns the number of ids in blocks before a block. It compares block numbers,
// because the last block has no next one.
func (l *listSource) before(number int64) int {
	n, _ := slices.BinarySearchFunc(l.ids, number, func(id, number int64) int { return cmp.Compare(id>>blockBits, number) })
	return n
}

// due returns the rows with a time in a due index: by time, account and id.
func (c *changes) due(k *Kind, x *index) iter.Seq[any] {
	order := func(a, b any) int {
		return cmp.Or(x.at(a).Compare(x.at(b)), cmp.Compare(k.account(a), k.account(b)), k.id(a).Compare(k.id(b)))
	}
	return func(yield func(any) bool) {
		var changed []any
		for _, row := range c.rows[k.number].all() {
			if row.row != nil && !x.at(row.row).IsZero() {
				changed = append(changed, row.row)
			}
		}
		slices.SortFunc(changed, order)
		part := k.part(nil, x.number)
		stored := c.snapshot.objects(part, part)
		for e, ok := stored.next().(*entryRow); ok; e, ok = stored.next().(*entryRow) {
			id := k.dueID(e)
			if _, is := c.rows[k.number].find(id); is {
				continue
			}
			row := c.snapshot.row(k, id)
			for ; len(changed) > 0 && order(changed[0], row) < 0; changed = changed[1:] {
				if !yield(changed[0]) {
					return
				}
			}
			if !yield(row) {
				return
			}
		}
		for _, row := range changed {
			if !yield(row) {
				return
			}
		}
	}
}

// earliest returns the first row of due; nil for none.
func (c *changes) earliest(k *Kind, x *index) any {
	for row := range c.due(k, x) {
		return row
	}
	return nil
}

// together returns the rows of [Together].
func (c *changes) together(k *Kind, x *index, limit int) (rows []any) {
	for row := range c.due(k, x) {
		if len(rows) == limit || len(rows) > 0 && (!x.at(row).Equal(x.at(rows[0])) || k.account(row) != k.account(rows[0])) {
			break
		}
		rows = append(rows, row)
	}
	return rows
}

// until returns the rows of [Until].
func (c *changes) until(k *Kind, x *index, until time.Time) iter.Seq[any] {
	return func(yield func(any) bool) {
		for row := range c.due(k, x) {
			if x.at(row).After(until) || !yield(row) {
				return
			}
		}
	}
}

// dueID decodes the id at the end of an entry in a due index.
func (k *Kind) dueID(e *entryRow) query.Value {
	if k.numeric {
		return query.Number(lastNumber(e.key))
	}
	text := afterNumber(afterNumber(e.key[2:])) // after time and account
	return query.Text(strings.ReplaceAll(string(text[:len(text)-2]), "\x00\xff", "\x00"))
}
