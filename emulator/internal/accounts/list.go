package accounts

import (
	"cmp"
	"slices"
	"strings"

	"github.com/voxemu/voxemu/emulator/internal/store"
)

// Page is the window of a list.
type Page struct {
	Count  int64 `param:"count"`
	Offset int64 `param:"offset"`
}

// Counts are what a list says beside its rows.
type Counts struct {
	TotalCount int `json:"total_count"`
	Count      int `json:"count"`
}

// window cuts the page out of all rows that pass.
func window[R any](rows []R, p Page) ([]R, Counts) {
	total := len(rows)
	rows = rows[min(int(p.Offset), total):]
	rows = rows[:min(int(p.Count), len(rows))]
	return rows, Counts{total, len(rows)}
}

// each shapes rows for a reply; never nil, so that an empty list is [].
func each[R, T any](rows []R, shape func(R) T) []T {
	list := make([]T, len(rows))
	for i, r := range rows {
		list[i] = shape(r)
	}
	return list
}

// of are the rows of a table without indexes that fit, by id: there are few of
// them.
func of[K cmp.Ordered, R any](rows store.Rows[K, R], mine func(R) bool) []R {
	return slices.DeleteFunc(slices.Collect(rows.All()), func(r R) bool { return !mine(r) })
}

// contains reports whether a text has the part, in any case (A60).
func contains(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}
