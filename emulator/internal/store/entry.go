package store

import (
	"bytes"
	"cmp"
	"slices"

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
	return k.entryKey(x, k.account(row), v), true
}

func (k *Kind) entryKey(x *index, account int64, v query.Value) key {
	entry := append(make(key, 0, 48), k.number, x.number)
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
		high := k.entryKey(x, account, r.High)
		found := snapshot.from(k.entryKey(x, account, r.Low))
		for e, ok := found.Next().(*entryRow); ok; e, ok = found.Next().(*entryRow) {
			if bytes.Compare(e.key[:len(e.key)-numberLength], high) > 0 {
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

// earliest returns the row with the earliest time in a due index and those of the same
// account with the same time, by id, at most limit.
func (c *changes) earliest(k *Kind, x *index, limit int) (rows []any) {
	order := func(a, b any) int {
		return cmp.Or(x.at(a).Compare(x.at(b)), cmp.Compare(k.account(a), k.account(b)))
	}
	consider := func(row any) (isEarliest bool) {
		switch {
		case len(rows) == 0 || order(row, rows[0]) < 0:
			rows = append(rows[:0], row)
		case order(row, rows[0]) == 0:
			rows = append(rows, row)
		default:
			return false
		}
		return true
	}
	changed := c.rows[k.number]
	stored := c.snapshot.within(key{k.number, x.number})
	for e, ok := stored.Next().(*entryRow); ok && len(rows) < limit; e, ok = stored.Next().(*entryRow) {
		id := query.Number(lastNumber(e.key))
		if _, is := changed.find(id); !is && !consider(c.snapshot.row(k, id)) {
			break
		}
	}
	for _, row := range changed.all() {
		if row.row != nil && !x.at(row.row).IsZero() {
			consider(row.row)
		}
	}
	slices.SortFunc(rows, func(a, b any) int { return k.id(a).Compare(k.id(b)) })
	return rows[:min(limit, len(rows))]
}
