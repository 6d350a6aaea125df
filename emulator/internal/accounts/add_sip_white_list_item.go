package accounts

import (
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// AddSipWhiteListItemParams are the parameters of AddSipWhiteListItem.
type AddSipWhiteListItemParams struct {
	Network     string `param:"sip_whitelist_network"`
	Description string `param:"description"`
}

// AddSipWhiteListItemReply is the reply of AddSipWhiteListItem.
type AddSipWhiteListItemReply struct {
	Result int   `json:"result"`
	ID     int64 `json:"sip_whitelist_id"`
}

// AddSipWhiteListItem adds a network to the SIP white list.
func AddSipWhiteListItem(tx *store.Tx, caller vox.Principal, p AddSipWhiteListItemParams) (AddSipWhiteListItemReply, error) {
	network, err := whiteListNetwork(p.Network)
	if err != nil {
		return AddSipWhiteListItemReply{}, err
	}
	if store.Count(tx, store.SIPWhiteList, caller.AccountID, nil) >= maxWhiteListItems {
		return AddSipWhiteListItemReply{}, vox.ErrTooManyWhiteListItems
	}
	item := vox.SIPWhiteListItem{ID: store.NextID(tx, store.SIPWhiteList), AccountID: caller.AccountID, Network: network, Description: p.Description}
	return AddSipWhiteListItemReply{1, item.ID}, store.Put(tx, store.SIPWhiteList, item)
}
