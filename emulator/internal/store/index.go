package store

import "github.com/voxemu/voxemu/emulator/internal/query"

// index is one declared index of a table. There are two kinds. An entry index
// is an ordinary one of memdb, with an entry for each row: for values that one
// row holds. A block index has, for every value, the set of the rows that hold
// it, cut into blocks: it answers any offset and any intersection by counting
// bits, however many rows share a value.
type index[R any] struct {
	name    string
	element string // the OpenAPI type of its values
	unique  bool   // an entry index
	value   func(*R) (v query.Value, ok bool)
}

// valueIndex declares a block index. A row whose function says false is not indexed.
func valueIndex[R any, V int64 | string | bool](name string, value func(*R) (V, bool)) index[R] {
	x := index[R]{name: name, value: func(r *R) (query.Value, bool) { v, ok := value(r); return v, ok }}
	switch any(*new(V)).(type) {
	case int64:
		x.element = "integer"
	case string:
		x.element = "string"
	case bool:
		x.element = "boolean"
	}
	return x
}

// flagIndex declares an index on a boolean. It has no blocks of its own: every
// block of the table is divided into sets by the flags of its rows. A row whose
// function says ok=false is neither set nor unset.
func flagIndex[R any](name string, value func(*R) (set, ok bool)) index[R] {
	return valueIndex(name, value)
}

// uniqueIndex declares an entry index on values that one row of an account holds at
// most; Put refuses a second one.
func uniqueIndex[R any, V int64 | string](name string, value func(*R) (V, bool)) index[R] {
	x := valueIndex(name, value)
	x.unique = true
	return x
}

// of is a row's value; nothing for no row.
func (x index[R]) of(row *R) (query.Value, bool) {
	if row == nil {
		return nil, false
	}
	v, ok := x.value(row)
	if !ok {
		return nil, false
	}
	return v, true
}

// accepts reports whether a value is of the index's type.
func (x index[R]) accepts(v query.Value) bool {
	switch v.(type) {
	case int64:
		return x.element == "integer"
	case string:
		return x.element == "string"
	case bool:
		return x.element == "boolean"
	}
	return false
}
