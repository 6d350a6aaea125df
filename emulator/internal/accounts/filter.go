package accounts

import (
	"cmp"
	"slices"

	"github.com/voxemu/voxemu/emulator/internal/store"
)

// all gives the rows that pass, by id, of a table that has no indexes because it
// is small.
func all[K cmp.Ordered, R any](rows store.Rows[K, R], pass func(R) bool) []R {
	return slices.DeleteFunc(slices.Collect(rows.All()), func(r R) bool { return !pass(r) })
}

// fits reports whether a filter lets a value pass; an empty one lets all pass.
func fits[V comparable](filter []V, value V) bool {
	return len(filter) == 0 || slices.Contains(filter, value)
}
