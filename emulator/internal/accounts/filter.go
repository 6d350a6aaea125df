package accounts

import (
	"slices"

	"github.com/voxemu/voxemu/emulator/internal/store"
)

// all returns the rows for which pass is true, by id. It is for small tables without
// indexes.
func all[K int64 | string, R any](tx *store.Tx, rows store.Table[K, R], pass func(R) bool) []R {
	return slices.DeleteFunc(slices.Collect(store.All(tx, rows)), func(r R) bool { return !pass(r) })
}

// fits reports whether a filter contains a value; an empty filter contains all values.
func fits[V comparable](filter []V, value V) bool {
	return len(filter) == 0 || slices.Contains(filter, value)
}
