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

func (t *table[K, R]) KeepOwned(list any, account int64) {
	rows := list.(*[]R)
	var owned []R
	for _, row := range *rows {
		if t.account(&row) == account {
			owned = append(owned, row)
		}
	}
	*rows = owned
}

func (t *table[K, R]) Taken(tx *Tx, list any) (id any, taken bool) {
	for _, row := range *list.(*[]R) {
		if _, ok := t.in(tx).Get(t.id(&row)); ok {
			return t.id(&row), true
		}
	}
	return nil, false
}
