// Package query holds the words that the contract, the rules and the store
// share when they speak about a question: matches on indexed values, and a
// page of the answer.
package query

import "math"

// Value is what an index holds: an int64, a string or a bool.
type Value = any

// Range is an inclusive stretch of values; Low equals High for a single one.
type Range struct{ Low, High Value }

// Match restricts rows to those whose value in Index lies in one of Ranges.
// No ranges match no row.
type Match struct {
	// Index is the name that x-filter and the table's declaration share.
	Index  string
	Ranges []Range
}

// Is matches one value.
func Is(index string, value Value) Match {
	return Match{Index: index, Ranges: []Range{{value, value}}}
}

// In matches any of the values.
func In[V int64 | string | bool](index string, values ...V) Match {
	m := Match{Index: index, Ranges: make([]Range, 0, len(values))}
	for _, v := range values {
		m.Ranges = append(m.Ranges, Range{v, v})
	}
	return m
}

// Page is a window on the matching rows in the order of their ids. The parameters
// of a list embed it.
type Page struct {
	// Offset rows are skipped; not negative.
	Offset int `param:"offset"`
	// Count rows are returned at most; not negative.
	Count int `param:"count"`
}

// All is the page that holds every row.
func All() Page { return Page{Count: math.MaxInt} }

// Selection names rows by their ids, or every row.
type Selection struct {
	All bool
	IDs []int64
}

// IDs selects rows by their ids.
func IDs(ids []int64) Selection { return Selection{IDs: ids} }
