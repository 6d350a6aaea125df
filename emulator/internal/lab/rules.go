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
	var account vox.Account
	keys := map[string]bool{}
	_ = l.read(func(tx *store.Tx) error { // the function never fails
		account, _ = store.Accounts(tx).Get(accountID)
		for key := range store.Keys(tx).All() {
			keys[key.ID] = key.AccountID == accountID
		}
		return nil
	})
	return func(rule fault.Rule) bool {
		when := rule.When
		given := func(parameter, value string) bool { return value != "" && when.Parameters[parameter] == value }
		return when.Account == accountID || keys[when.Key] ||
			given("account_id", strconv.FormatInt(accountID, 10)) ||
			given("account_name", account.Name) || given("account_email", account.Email)
	}
}
