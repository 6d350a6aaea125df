package applications

import (
	"slices"
	"strings"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
)

// Page is the window of a list.
type Page struct {
	Count  int64 `param:"count"`
	Offset int64 `param:"offset"`
}

// Counts are what a list says beside its rows: how many there are, and how many
// are in the window (facts.md §7).
type Counts struct {
	TotalCount int `json:"total_count"`
	Count      int `json:"count"`
}

// listing is one list: what the indexes select, what a part of a name still has
// to pass, in which order.
type listing[R any] struct {
	where  []query.Match
	passes func(R) bool     // nil: everything
	order  func(a, b R) int // nil: by id
}

// read gives the window and the counts. Only a list without conditions that no
// index knows is cut by the store.
func (l listing[R]) read(rows store.Rows[int64, R], account int64, p Page) ([]R, Counts, error) {
	if l.passes == nil && l.order == nil {
		total, err := rows.Count(account, l.where)
		if err != nil {
			return nil, Counts{}, err
		}
		found, err := rows.Select(account, l.where, query.Page{Offset: int(p.Offset), Count: int(p.Count)})
		return found, Counts{total, len(found)}, err
	}
	found, err := rows.Select(account, l.where, query.All())
	if err != nil {
		return nil, Counts{}, err
	}
	if l.passes != nil {
		found = slices.DeleteFunc(found, func(r R) bool { return !l.passes(r) })
	}
	if l.order != nil {
		slices.SortStableFunc(found, l.order)
	}
	total := len(found)
	found = found[min(int(p.Offset), total):]
	found = found[:min(int(p.Count), len(found))]
	return found, Counts{total, len(found)}, nil
}

// contains reports whether a name has the part, in any case (A60).
func contains(name, part string) bool {
	return strings.Contains(strings.ToLower(name), strings.ToLower(part))
}
