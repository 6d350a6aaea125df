package lab

import (
	"fmt"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// ResetAccount replaces the rows of one account by those of the scenarios loaded last or,
// if [Lab.CreateAccount] made it, by what was made. Other accounts, the journal, faults
// and the clock do not change. Errors: [vox.ErrNotFound]; [vox.ErrConflict] if another
// account has one of the ids meanwhile.
func (l *Lab) ResetAccount(id int64) error {
	rows, ok := l.initial(id)
	if !ok {
		return fmt.Errorf("account %d: %w: neither the scenarios nor a request to create it have it", id, vox.ErrNotFound)
	}
	return l.write(func(tx *store.Tx) error {
		store.Delete(tx, store.Accounts, id)
		for _, kind := range store.Kinds() {
			kind.DeleteOwned(tx, id)
		}
		for _, section := range rows.Sections() {
			if taken, ok := kindOf(section.Rows).Taken(tx, section.Rows); ok {
				return fmt.Errorf("%w: another account has the row %v of %s; reset all instead", vox.ErrConflict, taken, section.Name)
			}
		}
		return put(tx, rows, l.keys)
	})
}

// initial returns the rows that an account began with.
func (l *Lab) initial(id int64) (scenarios.Scenario, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if rows, ok := l.made[id]; ok {
		return rows, true
	}
	rows := l.loaded
	for _, section := range rows.Sections() {
		if accounts, is := section.Rows.(*[]vox.Account); is {
			var only []vox.Account
			for _, account := range *accounts {
				if account.ID == id {
					only = append(only, account)
				}
			}
			*accounts = only
			continue
		}
		kindOf(section.Rows).KeepOwned(section.Rows, id)
	}
	return rows, len(rows.Accounts) == 1
}

// remember keeps what an account was made with.
func (l *Lab) remember(id int64, rows scenarios.Scenario) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.made == nil {
		l.made = map[int64]scenarios.Scenario{}
	}
	l.made[id] = rows
}

// forget drops what is known about an account, or about all with id 0.
func (l *Lab) forget(id int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if id == 0 {
		l.made = nil
		return
	}
	delete(l.made, id)
}
