package lab

import (
	"strconv"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// RulesAbout picks the rules of faults that apply to calls of this account only,
// by its id, its name, its e-mail address or one of its keys; account 0: all.
func (l *Lab) RulesAbout(accountID int64) func(fault.Rule) bool {
	if accountID == 0 {
		return func(fault.Rule) bool { return true }
	}
	var account vox.Account
	keys := map[string]bool{}
	_ = l.read(func(tx *store.Tx) error { // the function returns no error
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
