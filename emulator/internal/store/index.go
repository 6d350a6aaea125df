package store

import (
	"math"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/query"
)

// Index is an index on values of type V of the rows of type R. The variables of this
// package are the only ones, so that an unknown index, the index of another table and a
// value of another type do not compile.
type Index[R any, V int64 | string | bool] struct{ index *index }

// Due is an index on the time of a row's next event. [Earliest] returns the earliest row
// of all accounts.
type Due[R any] struct{ index *index }

func (x Index[R, V]) of(*R) *index { return x.index }

func (x Due[R]) of(*R) *index { return x.index }

// indexOf is an index of the rows of type R, for the declaration of their table.
type indexOf[R any] interface{ of(*R) *index }

// index is an index without the types.
type index struct {
	name   string
	kind   query.Kind // of its values
	layout layout
	number byte // position in the declaration; part of the keys
	value  func(row any) (v query.Value, ok bool)
	at     func(row any) time.Time // of a due index; zero: never
}

// layout is how an index stores which rows have a value.
type layout byte

const (
	blocks  layout = iota // blocks of a set of ids for each value
	flags                 // none: each block is divided by the flags of its rows
	unique                // an entry for each row; Put refuses a second row with the value
	entries               // an entry for each row, for values that few rows share
	due                   // an entry for each row, sorted by time and account
)

// byID is the index on ids, which each table has.
var byID = &index{name: "id", kind: query.NumberKind}

// valueIndex declares an index of blocks. A row whose function returns false is not
// indexed.
func valueIndex[R any, V int64 | string | bool](name string, value func(*R) (V, bool)) Index[R, V] {
	return newIndex(name, blocks, value)
}

// flagIndex declares an index on a boolean. A row whose function returns ok=false is
// neither set nor unset.
func flagIndex[R any](name string, value func(*R) (set, ok bool)) Index[R, bool] {
	return newIndex(name, flags, value)
}

// uniqueIndex declares an index on values that must be unique in an account.
func uniqueIndex[R any, V int64 | string](name string, value func(*R) (V, bool)) Index[R, V] {
	return newIndex(name, unique, value)
}

func newIndex[R any, V int64 | string | bool](name string, layout layout, value func(*R) (V, bool)) Index[R, V] {
	return Index[R, V]{&index{
		name: name, kind: query.Of(*new(V)).Kind, layout: layout,
		value: func(row any) (query.Value, bool) { v, ok := value(row.(*R)); return query.Of(v), ok },
	}}
}

// dueIndex declares an index on times.
func dueIndex[R any](name string, at func(*R) time.Time) Due[R] {
	x := &index{name: name, kind: query.NumberKind, layout: due, at: func(row any) time.Time { return at(row.(*R)) }}
	x.value = func(row any) (query.Value, bool) { t := x.at(row); return query.Number(t.UnixNano()), !t.IsZero() }
	return Due[R]{x}
}

// valueOf returns a row's value; false without a row or a value.
func (x *index) valueOf(row any) (query.Value, bool) {
	if row == nil {
		return query.Value{}, false
	}
	return x.value(row)
}

// Where are conditions that a row of type R must meet, all of them; none: each row does.
type Where[R any] []condition

// condition selects the rows whose value in an index is in one of the ranges; without
// ranges it selects none.
type condition struct {
	*index
	ranges []query.Range
}

// Is selects the rows with a value.
func (x Index[R, V]) Is(value V) Where[R] { return x.In(value) }

// In selects the rows with one of the values.
func (x Index[R, V]) In(values ...V) Where[R] { return Where[R]{{x.index, query.Each(values...)}} }

// Between selects the rows with a value from low to high.
func (x Index[R, V]) Between(low, high V) Where[R] {
	return Where[R]{{x.index, []query.Range{{Low: query.Of(low), High: query.Of(high)}}}}
}

// ByID selects the rows with one of the ids.
func ByID[R any](ids ...int64) Where[R] { return Where[R]{{byID, query.Each(ids...)}} }

// AfterID selects the rows with a larger id.
func AfterID[R any](id int64) Where[R] {
	if id == math.MaxInt64 {
		return Where[R]{{byID, nil}} // none
	}
	return Where[R]{{byID, []query.Range{{Low: query.Number(max(0, id) + 1), High: query.Number(math.MaxInt64)}}}}
}

func (c condition) has(v query.Value) bool {
	for _, r := range c.ranges {
		if r.Has(v) {
			return true
		}
	}
	return false
}
