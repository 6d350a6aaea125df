package store

import "github.com/voxemu/voxemu/emulator/internal/query"

// Count is the number of an account's rows that pass every match, as [Rows.Select]
// would find them without a page. Errors: those of Select.
func (r Rows[K, R]) Count(account int64, where []query.Match) (int, error) {
	rows, err := r.Select(account, where, query.All())
	return len(rows), err
}
