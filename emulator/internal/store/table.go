package store

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"github.com/hashicorp/go-memdb"

	"github.com/voxemu/voxemu/emulator/internal/query"
)

// table declares a kind of row. Tables with indexes have ids of type int64.
type table[K cmp.Ordered, R any] struct {
	tag     byte // identifies the blocks of the table
	name    string
	id      func(*R) K
	account func(*R) int64 // scope of the indexes; 0 for accounts themselves
	indexes []index[R]
	due     []dueIndex[R]
}

func (t *table[K, R]) schema() *memdb.TableSchema {
	s := &memdb.TableSchema{Name: t.name, Indexes: map[string]*memdb.IndexSchema{
		"id": {Name: "id", Unique: true, Indexer: byKey{func(row any) ([]byte, bool) {
			return appendValue(nil, t.id(row.(*R))), true
		}}},
	}}
	if len(t.indexes) > maxIndexes {
		panic("store: table " + t.name + " has too many indexes for a combination of flags")
	}
	for _, x := range t.indexes {
		if x.unique {
			s.Indexes[x.name] = t.entrySchema(x)
		}
	}
	for _, m := range t.due {
		s.Indexes[m.name] = t.dueSchema(m)
	}
	return s
}

// indexNumber returns the position of an index in the declaration, which is part of its
// keys.
func (t *table[K, R]) indexNumber(name string) (int, error) {
	i := slices.IndexFunc(t.indexes, func(x index[R]) bool { return x.name == name })
	if i < 0 {
		return 0, fmt.Errorf("table %s has no index %q", t.name, name)
	}
	return i, nil
}

// intID returns the id as a number, for tables with indexes.
func (t *table[K, R]) intID(id K) int64 {
	n, ok := any(id).(int64)
	if !ok {
		panic("store: table " + t.name + " has indexes, so its ids must be int64")
	}
	return n
}

// passes reports whether a row matches all conditions, by comparing keys of the indexes.
func (t *table[K, R]) passes(row *R, where []query.Match) bool {
	return !slices.ContainsFunc(where, func(m query.Match) bool {
		v, ok := t.valueOf(row, m.Index)
		return !ok || !slices.ContainsFunc(m.Ranges, func(r query.Range) bool { return within(r, v) })
	})
}

// valueOf returns the value of a row in an index.
func (t *table[K, R]) valueOf(row *R, index string) (query.Value, bool) {
	if index == "id" {
		return t.id(row), true
	}
	indexNumber, err := t.indexNumber(index)
	if err != nil { // cannot happen: Select has checked the index
		panic(err)
	}
	return t.indexes[indexNumber].of(row)
}

func within(r query.Range, v query.Value) bool {
	key := appendValue(nil, v)
	return bytes.Compare(appendValue(nil, r.Low), key) <= 0 && bytes.Compare(key, appendValue(nil, r.High)) <= 0
}

// check returns an error for unknown indexes and for values of the wrong type.
func (t *table[K, R]) check(where []query.Match) error {
	for _, m := range where {
		x := index[R]{element: "integer"} // the id
		if m.Index != "id" {
			i, err := t.indexNumber(m.Index)
			if err != nil {
				return err
			}
			x = t.indexes[i]
		}
		for _, r := range m.Ranges {
			if !x.accepts(r.Low) || !x.accepts(r.High) {
				return fmt.Errorf("index %s.%s holds %s values, asked for %T to %T", t.name, m.Index, x.element, r.Low, r.High)
			}
		}
	}
	return nil
}
