package accounts

import (
	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// GetSipWhiteListParams are the parameters of GetSipWhiteList.
type GetSipWhiteListParams struct {
	Where []query.Match `param:"filters"`
	Page
}

// GetSipWhiteListReply is the reply of GetSipWhiteList.
type GetSipWhiteListReply struct {
	Result []WhiteListRow `json:"result"`
	Counts
}

// WhiteListRow is one item of the list.
type WhiteListRow struct {
	ID          int64  `json:"sip_whitelist_id"`
	Network     string `json:"sip_whitelist_network"`
	Description string `json:"description,omitempty"`
}

// GetSipWhiteList lists the networks that SIP calls may come from, by id.
func GetSipWhiteList(tx *store.Tx, caller vox.Principal, p GetSipWhiteListParams) (GetSipWhiteListReply, error) {
	items, err := store.SIPWhiteList(tx).Select(caller.AccountID, p.Where, query.All())
	found, counts := window(items, p.Page)
	return GetSipWhiteListReply{each(found, func(i vox.SIPWhiteListItem) WhiteListRow {
		return WhiteListRow{i.ID, i.Network, i.Description}
	}), counts}, err
}
