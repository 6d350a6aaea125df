package accounts

import (
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// SetSipWhiteListItemParams are the parameters of SetSipWhiteListItem.
type SetSipWhiteListItemParams struct {
	ID          int64   `param:"sip_whitelist_id"`
	Network     string  `param:"sip_whitelist_network"`
	Description *string `param:"description"`
}

// SetSipWhiteListItem changes an item.
func SetSipWhiteListItem(tx *store.Tx, caller vox.Principal, p SetSipWhiteListItemParams) (reply.Done, error) {
	item, err := whiteListItem(tx, caller.AccountID, p.ID)
	if err != nil {
		return reply.Done{}, err
	}
	if item.Network, err = whiteListNetwork(p.Network); err != nil {
		return reply.Done{}, err
	}
	replace(&item.Description, p.Description)
	return reply.OK(store.Put(tx, store.SIPWhiteList, item))
}
