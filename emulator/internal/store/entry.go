package store

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/hashicorp/go-memdb"

	"github.com/voxemu/voxemu/emulator/internal/query"
)

// entryKey returns the key of a value in an entry index. memdb appends the row's id:
// otherwise, a value that moves from one row to another within a commit would be lost if
// the old row is written last.
func entryKey(account int64, v query.Value) []byte {
	return appendValue(appendValue(make([]byte, 0, 32), account), v)
}

func (t *table[K, R]) entrySchema(x index[R]) *memdb.IndexSchema {
	return &memdb.IndexSchema{Name: x.name, AllowMissing: true, Indexer: byKey{func(row any) ([]byte, bool) {
		v, ok := x.value(row.(*R))
		if !ok {
			return nil, false
		}
		return entryKey(t.account(row.(*R)), v), true
	}}}
}

// entries returns the ids of the rows with a value from low to high, unsorted.
func (t *table[K, R]) entries(snapshot *memdb.Txn, x index[R], account int64, r query.Range) []int64 {
	low, high := entryKey(account, r.Low), entryKey(account, r.High)
	found, err := snapshot.LowerBound(t.name, x.name, low)
	if err != nil { // cannot happen: table and index are declared together
		panic(err)
	}
	var ids []int64
	for row := found.Next(); row != nil; row = found.Next() {
		v, _ := x.value(row.(*R))
		if bytes.Compare(entryKey(t.account(row.(*R)), v), high) > 0 {
			break
		}
		ids = append(ids, t.intID(t.id(row.(*R))))
	}
	return ids
}

// entrySource matches the ids of the rows with a value in one of the ranges.
func (t *table[K, R]) entrySource(snapshot *memdb.Txn, x index[R], account int64, ranges []query.Range) *listSource {
	var ids []int64
	for _, r := range ranges {
		ids = append(ids, t.entries(snapshot, x, account, r)...)
	}
	slices.Sort(ids)
	return &listSource{ids: slices.Compact(ids)}
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
