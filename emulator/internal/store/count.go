package store

import "github.com/voxemu/voxemu/emulator/internal/query"

// Count returns the number of an account's rows that match all conditions. Errors: those
// of [Rows.Select].
func (r Rows[K, R]) Count(account int64, where []query.Match) (int, error) {
	rows, err := r.Select(account, where, query.All())
	return len(rows), err
}
