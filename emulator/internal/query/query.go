// Package query contains the types that describe a query: matches on indexed values, and
// a page of the result. The contract, the methods and the store share them.
package query

import "math"

// Value is a value in an index: an int64, a string or a bool.
type Value = any

// Range is an inclusive range of values; Low equals High for a single value.
type Range struct{ Low, High Value }

// Match selects rows whose value in Index is in one of Ranges. Without ranges it selects
// no row.
type Match struct {
	// Index is the name in x-filter and in the table's declaration.
	Index  string
	Ranges []Range
}

// Is returns a match for one value.
func Is(index string, value Value) Match {
	return Match{Index: index, Ranges: []Range{{value, value}}}
}

// In returns a match for any of the values.
func In[V int64 | string | bool](index string, values ...V) Match {
	m := Match{Index: index, Ranges: make([]Range, 0, len(values))}
	for _, v := range values {
		m.Ranges = append(m.Ranges, Range{v, v})
	}
	return m
}

// Page selects some of the matching rows, in the order of their ids. Parameters of lists
// embed it.
type Page struct {
	// Offset is the number of rows to skip; not negative.
	Offset int `param:"offset"`
	// Count is the maximum number of rows; not negative.
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
