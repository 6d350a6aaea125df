package lab

import (
	"strconv"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// RulesAbout returns a function that reports whether a fault rule applies to requests of
// this account only, by its id, name, e-mail address or one of its keys; account 0: all
// rules.
func (l *Lab) RulesAbout(accountID int64) func(fault.Rule) bool {
	if accountID == 0 {
		return func(fault.Rule) bool { return true }
	}
	state := store.From(l.store.Snapshot())
	var account vox.Account
	read := func(fn func(tx *store.Tx)) {
		_ = state.Read(l.clock.Now(), func(tx *store.Tx) error { fn(tx); return nil }) // the function never fails
	}
	read(func(tx *store.Tx) { account, _ = store.Get(tx, store.Accounts, accountID) })
	ownKey := func(id string) (own bool) {
		if id != "" {
			read(func(tx *store.Tx) {
				key, ok := store.Get(tx, store.Keys, id)
				own = ok && key.AccountID == accountID
			})
		}
		return own
	}
	return func(rule fault.Rule) bool {
		when := rule.When
		given := func(parameter, value string) bool { return value != "" && when.Parameters[parameter] == value }
		return when.Account == accountID || ownKey(when.Key) ||
			given("account_id", strconv.FormatInt(accountID, 10)) ||
			given("account_name", account.Name) || given("account_email", account.Email)
	}
}
