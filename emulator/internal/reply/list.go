package reply

import (
	"slices"
	"sort"
	"strings"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
)

// Counts are the numbers in a list reply: all matching rows, and the rows on the page
// (docs/evidence.md#lists-of-registrations).
type Counts struct {
	TotalCount int `json:"total_count"`
	Count      int `json:"count"`
}

// List is the reply with one page of a list.
type List[T any] struct {
	Result []T `json:"result"`
	Counts
}

// NewList returns the reply for the rows of a page.
func NewList[R, T any](page []R, counts Counts, row func(R) T) List[T] {
	return List[T]{Rows(page, row), counts}
}

// Rows converts each row for the reply. The result is never nil, so that an empty list is
// [] in JSON.
func Rows[R, T any](rows []R, row func(R) T) []T {
	list := make([]T, len(rows))
	for i, r := range rows {
		list[i] = row(r)
	}
	return list
}

// Cut returns a page of rows that were selected without paging.
func Cut[R any](rows []R, page query.Page) ([]R, Counts) {
	total := len(rows)
	rows = rows[min(page.Offset, total):]
	rows = rows[:min(page.Count, len(rows))]
	return rows, Counts{total, len(rows)}
}

// Listing selects and orders an account's rows.
type Listing[R any] struct {
	Where store.Where[R]   // conditions that indexes evaluate
	Keep  func(R) bool     // other conditions; nil: none
	Order func(a, b R) int // nil: by id
}

// Page returns one page of the rows. The store selects the page only if the order is by
// id and there is no Keep. It sorts with package sort: slices.SortStableFunc would be
// compiled for each type of row.
func (l Listing[R]) Page(tx *store.Tx, rows store.Table[int64, R], account int64, page query.Page) ([]R, Counts) {
	if l.Keep == nil && l.Order == nil {
		found := store.Select(tx, rows, account, l.Where, page)
		return found, Counts{store.Count(tx, rows, account, l.Where), len(found)}
	}
	found := store.Select(tx, rows, account, l.Where, query.All())
	if l.Keep != nil {
		found = slices.DeleteFunc(found, func(r R) bool { return !l.Keep(r) })
	}
	if l.Order != nil {
		sort.SliceStable(found, func(i, j int) bool { return l.Order(found[i], found[j]) < 0 })
	}
	return Cut(found, page)
}

// Contains reports whether text contains part, ignoring case (A60).
func Contains(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}
