// Package query contains the types that describe a query: values, ranges of them, and a
// page of the result. The contract, the methods and the store share them.
package query

import (
	"cmp"
	"math"
)

// Kind is the kind of a value.
type Kind uint8

// The kinds of values.
const (
	NumberKind Kind = iota + 1
	TextKind
	FlagKind
)

// String returns the type in OpenAPI.
func (k Kind) String() string { return [...]string{"", "integer", "string", "boolean"}[k] }

// Value is a value in an index.
type Value struct {
	Kind   Kind
	Number int64 // of a flag: 0 or 1
	Text   string
}

// Number returns a number as a value.
func Number(n int64) Value { return Value{Kind: NumberKind, Number: n} }

// Text returns a text as a value.
func Text(s string) Value { return Value{Kind: TextKind, Text: s} }

// Flag returns a boolean as a value; false is less than true.
func Flag(set bool) Value {
	if set {
		return Value{Kind: FlagKind, Number: 1}
	}
	return Value{Kind: FlagKind}
}

// Of returns a value of any kind.
func Of[V int64 | string | bool](value V) Value {
	switch v := any(value).(type) {
	case int64:
		return Number(v)
	case string:
		return Text(v)
	case bool:
		return Flag(v)
	}
	panic("unreachable")
}

// Compare compares two values of the same kind like [cmp.Compare].
func (v Value) Compare(other Value) int {
	return cmp.Or(cmp.Compare(v.Number, other.Number), cmp.Compare(v.Text, other.Text))
}

// Range is an inclusive range of values of one kind; Low equals High for a single value.
type Range struct{ Low, High Value }

// Has reports whether a value of the same kind is in the range.
func (r Range) Has(v Value) bool { return r.Low.Compare(v) <= 0 && v.Compare(r.High) <= 0 }

// Each returns a range for each of the values.
func Each[V int64 | string | bool](values ...V) []Range {
	ranges := make([]Range, len(values))
	for i, v := range values {
		ranges[i] = Range{Of(v), Of(v)}
	}
	return ranges
}

// Filter is a filter of a request: it selects the rows whose value in an index is in one
// of the ranges. The specification declares it (x-filter), and the contract checks when
// the program starts that the index exists and has values of that kind.
type Filter struct {
	Index  string
	Ranges []Range
}

// Page selects some of the matching rows, in the order of their ids. Parameters of lists
// embed it.
type Page struct {
	// Offset is the number of rows to skip; a negative one counts as 0.
	Offset int `param:"offset"`
	// Count is the maximum number of rows; a negative one counts as 0.
	Count int `param:"count"`
}

// All returns a page with all rows.
func All() Page { return Page{Count: math.MaxInt} }

// Selection selects rows by their ids, or all rows.
type Selection struct {
	All bool
	IDs []int64
}

// IDs selects rows by their ids.
func IDs(ids []int64) Selection { return Selection{IDs: ids} }
