package accounts

import (
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// GetAccountInfoParams are the parameters of GetAccountInfo.
type GetAccountInfoParams struct {
	ReturnLiveBalance bool `param:"return_live_balance"`
}

// GetAccountInfoReply is the reply of GetAccountInfo.
type GetAccountInfoReply struct {
	Result     Info   `json:"result"`
	APIAddress string `json:"api_address"`
}

// GetAccountInfo returns the account. Its api_address is the emulator's, so that clients
// that follow it still use the emulator.
func GetAccountInfo(tx *store.Tx, caller vox.Principal, p GetAccountInfoParams) (GetAccountInfoReply, error) {
	account, _ := store.Get(tx, store.Accounts, caller.AccountID)
	row := info(account, caller, p.ReturnLiveBalance)
	row.CallbackSalt = account.CallbackSalt
	return GetAccountInfoReply{row, caller.Host}, nil
}
