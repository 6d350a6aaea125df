package accounts

import (
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// SetAccountInfoParams are the parameters of SetAccountInfo.
type SetAccountInfoParams struct {
	FirstName   string  `param:"account_first_name"`
	LastName    string  `param:"account_last_name"`
	MobilePhone string  `param:"mobile_phone"`
	CustomData  *string `param:"account_custom_data"`
	Profile
}

// SetAccountInfo sets the given values.
func SetAccountInfo(tx *store.Tx, caller vox.Principal, p SetAccountInfoParams) (reply.Done, error) {
	account, _ := store.Get(tx, store.Accounts, caller.AccountID)
	if err := p.Profile.apply(&account); err != nil {
		return reply.Done{}, err
	}
	set(&account.FirstName, p.FirstName)
	set(&account.LastName, p.LastName)
	set(&account.MobilePhone, p.MobilePhone)
	replace(&account.CustomData, p.CustomData)
	return reply.OK(store.Put(tx, store.Accounts, account))
}
