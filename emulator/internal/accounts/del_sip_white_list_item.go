package accounts

import (
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// DelSipWhiteListItemParams are the parameters of DelSipWhiteListItem.
type DelSipWhiteListItemParams struct {
	ID int64 `param:"sip_whitelist_id"`
}

// DelSipWhiteListItem deletes an item.
func DelSipWhiteListItem(tx *store.Tx, caller vox.Principal, p DelSipWhiteListItemParams) (reply.Done, error) {
	item, err := whiteListItem(tx, caller.AccountID, p.ID)
	if err != nil {
		return reply.Done{}, err
	}
	store.Delete(tx, store.SIPWhiteList, item.ID)
	return reply.OK(nil)
}
