package store

import "github.com/voxemu/voxemu/emulator/internal/query"

// index is one declared index of a table. There are two kinds: a flag, of which
// all of a table share their blocks, and an index on values, which has blocks of
// its own for every value.
type index[R any] struct {
	name    string
	element string // the OpenAPI type of its values
	single  bool   // a value is held by one row of an account
	value   func(*R) (query.Value, bool)
	flag    func(*R) (set, ok bool)
}

// on declares an index on values. A row whose function says false is not
// indexed.
func on[R any, V int64 | string](name string, value func(*R) (V, bool)) index[R] {
	element := "integer"
	if _, text := any(*new(V)).(string); text {
		element = "string"
	}
	return index[R]{
		name: name, element: element,
		value: func(r *R) (query.Value, bool) { v, ok := value(r); return v, ok },
	}
}

// unique declares an index on values that one row of an account holds at most;
// Put refuses a second one.
func unique[R any, V int64 | string](name string, value func(*R) (V, bool)) index[R] {
	x := on(name, value)
	x.single = true
	return x
}

// flag declares an index on a boolean. A row whose function says ok=false is
// neither set nor unset.
func flag[R any](name string, value func(*R) (set, ok bool)) index[R] {
	return index[R]{name: name, element: "boolean", flag: value}
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
