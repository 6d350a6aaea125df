package store

import "github.com/voxemu/voxemu/emulator/internal/query"

// index is a declared index of a table. There are two kinds. An entry index is a usual
// index of memdb, with an entry for each row; it is for values that few rows share. A
// block index has a set of rows for each value, divided into blocks; it finds any offset
// and any intersection by counting bits, however many rows share a value.
type index[R any] struct {
	name    string
	element string // OpenAPI type of its values
	unique  bool   // an entry index
	value   func(*R) (v query.Value, ok bool)
}

// valueIndex declares a block index. A row whose function returns false is not indexed.
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

// flagIndex declares an index on a boolean. It has no blocks: each block of the table is
// divided into sets by the flags of its rows. A row whose function returns ok=false is
// neither set nor unset.
func flagIndex[R any](name string, value func(*R) (set, ok bool)) index[R] {
	return valueIndex(name, value)
}

// uniqueIndex declares an entry index on values that must be unique in an account; Put
// checks it.
func uniqueIndex[R any, V int64 | string](name string, value func(*R) (V, bool)) index[R] {
	x := valueIndex(name, value)
	x.unique = true
	return x
}

// of returns a row's value; false for a nil row.
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
