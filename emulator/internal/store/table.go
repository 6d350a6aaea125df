package store

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/hashicorp/go-memdb"

	"github.com/voxemu/voxemu/emulator/internal/query"
)

// table declares one kind of row. Indexes need ids of type int64.
type table[K cmp.Ordered, R any] struct {
	tag     byte // tells the blocks of one table from those of another
	name    string
	id      func(*R) K
	account func(*R) int64 // the scope of indexes; 0 for accounts themselves
	indexes []index[R]
	moments []moment[R]
}

func (t *table[K, R]) schema() *memdb.TableSchema {
	s := &memdb.TableSchema{Name: t.name, Indexes: map[string]*memdb.IndexSchema{
		"id": {Name: "id", Unique: true, Indexer: byKey{func(row any) ([]byte, bool) {
			return appendValue(nil, t.id(row.(*R))), true
		}}},
	}}
	for _, m := range t.moments {
		s.Indexes[m.name] = m.schema()
	}
	return s
}

// place finds an index by name; its place in the declaration is part of its
// keys.
func (t *table[K, R]) place(name string) (int, error) {
	i := slices.IndexFunc(t.indexes, func(x index[R]) bool { return x.name == name })
	if i < 0 {
		return 0, fmt.Errorf("table %s has no index %q", t.name, name)
	}
	return i, nil
}

// position is the id as a number, for tables with indexes.
func (t *table[K, R]) position(id K) int64 {
	n, ok := any(id).(int64)
	if !ok {
		panic("store: table " + t.name + " has indexes, so its ids must be int64")
	}
	return n
}

// passes tells whether a row passes a match, with the keys that the index uses.
func (t *table[K, R]) passes(row *R, m query.Match) (bool, error) {
	if m.Index == "id" {
		return within(m, t.id(row)), nil
	}
	i, err := t.place(m.Index)
	if err != nil {
		return false, err
	}
	x := t.indexes[i]
	if x.flag != nil {
		set, ok := x.flag(row)
		return ok && slices.ContainsFunc(m.Ranges, func(r query.Range) bool { return r.Low == set || r.High == set }), nil
	}
	v, ok := x.value(row)
	return ok && within(m, v), nil
}

func within(m query.Match, v query.Value) bool {
	key := string(appendValue(nil, v))
	return slices.ContainsFunc(m.Ranges, func(r query.Range) bool {
		return string(appendValue(nil, r.Low)) <= key && key <= string(appendValue(nil, r.High))
	})
}

// check refuses unknown indexes and values of the wrong type, before anything
// is looked up.
func (t *table[K, R]) check(where []query.Match) error {
	for _, m := range where {
		x := index[R]{element: "integer"} // the id
		if m.Index != "id" {
			i, err := t.place(m.Index)
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
