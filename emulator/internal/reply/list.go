package reply

import (
	"slices"
	"strings"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
)

// Counts are what a list says beside its rows: how many there are, and how many
// are on the page (docs/evidence.md#lists-of-registrations).
type Counts struct {
	TotalCount int `json:"total_count"`
	Count      int `json:"count"`
}

// List is one page of a list, with its counts.
type List[T any] struct {
	Result []T `json:"result"`
	Counts
}

// NewList makes the reply of the rows on the page.
func NewList[R, T any](page []R, counts Counts, row func(R) T) List[T] {
	return List[T]{Rows(page, row), counts}
}

// Rows makes a row of the reply from each row; never nil, so that an empty list
// is [].
func Rows[R, T any](rows []R, row func(R) T) []T {
	list := make([]T, len(rows))
	for i, r := range rows {
		list[i] = row(r)
	}
	return list
}

// Cut gives the page of rows that were selected without one.
func Cut[R any](rows []R, page query.Page) ([]R, Counts) {
	total := len(rows)
	rows = rows[min(page.Offset, total):]
	rows = rows[:min(page.Count, len(rows))]
	return rows, Counts{total, len(rows)}
}

// Listing says which of an account's rows are listed, and in which order.
type Listing[R any] struct {
	Where []query.Match    // conditions that indexes know
	Keep  func(R) bool     // conditions that no index knows; nil: none
	Order func(a, b R) int // nil: by id
}

// Page gives one page of the listed rows. Only a list by id whose conditions the
// indexes know is cut by the store.
func (l Listing[R]) Page(rows store.Rows[int64, R], account int64, page query.Page) ([]R, Counts, error) {
	if l.Keep == nil && l.Order == nil {
		total, err := rows.Count(account, l.Where)
		if err != nil {
			return nil, Counts{}, err
		}
		found, err := rows.Select(account, l.Where, page)
		return found, Counts{total, len(found)}, err
	}
	found, err := rows.Select(account, l.Where, query.All())
	if l.Keep != nil {
		found = slices.DeleteFunc(found, func(r R) bool { return !l.Keep(r) })
	}
	if l.Order != nil {
		slices.SortStableFunc(found, l.Order)
	}
	found, counts := Cut(found, page)
	return found, counts, err
}

// Contains reports whether a text has the part, in any case (A60).
func Contains(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}
