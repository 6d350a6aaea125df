package store

// DeleteOwned deletes the rows of an account and returns their number. It is not for
// accounts, which have no owner.
func (r Rows[K, R]) DeleteOwned(account int64) int {
	n := 0
	for row := range r.All() {
		if r.table.account(&row) == account && account != 0 && r.Delete(r.table.id(&row)) {
			n++
		}
	}
	return n
}
