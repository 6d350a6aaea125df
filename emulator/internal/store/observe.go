package store

import "slices"

// Observe sets a function that is called before each commit, in the same transaction.
// What it adds is committed together with the changes, or not at all; its error aborts
// both. [Store.Replace] does not call it. Call Observe before the store is used.
func (s *Store) Observe(observer func(*Tx) error) { s.observer = observer }

// written returns the rows that the transaction has changed, by id. committed is the row
// before the transaction, which an earlier one of the same commit can have changed.
func (tx *Tx) written(k *Kind) []changedRow {
	rows := tx.rows[k.number]
	var list []changedRow
	for _, u := range tx.undo {
		if u.rows == rows {
			now := rows.list[u.at]
			list = append(list, changedRow{now.id, u.was, now.row})
		}
	}
	if len(list) < 2 {
		return list
	}
	slices.SortStableFunc(list, func(a, b changedRow) int { return a.id.Compare(b.id) })
	return slices.CompactFunc(list, func(a, b changedRow) bool { return a.id == b.id }) // the first change of each
}
