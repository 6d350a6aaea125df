package accounts

import (
	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// GetSipWhiteListParams are the parameters of GetSipWhiteList.
type GetSipWhiteListParams struct {
	Where []query.Filter `param:"filters"`
	query.Page
}

// WhiteListRow is an item in the reply.
type WhiteListRow struct {
	ID          int64  `json:"sip_whitelist_id"`
	Network     string `json:"sip_whitelist_network"`
	Description string `json:"description,omitempty"`
}

// GetSipWhiteList lists the networks from which SIP calls are accepted, by id.
func GetSipWhiteList(tx *store.Tx, caller vox.Principal, p GetSipWhiteListParams) (reply.List[WhiteListRow], error) {
	list := reply.Listing[vox.SIPWhiteListItem]{Where: store.Conditions(store.SIPWhiteList, p.Where)}
	items, counts := list.Page(tx, store.SIPWhiteList, caller.AccountID, p.Page)
	return reply.NewList(items, counts, func(i vox.SIPWhiteListItem) WhiteListRow {
		return WhiteListRow{i.ID, i.Network, i.Description}
	}), nil
}
