package accounts

import (
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// maxWhiteListItems is the maximum number of items in an account's SIP white list (A76).
const maxWhiteListItems = 100

func whiteListNetwork(text string) (string, error) {
	network, _, ok := vox.ParseNetwork(text)
	if !ok {
		return "", vox.ErrInvalidWhiteListNet.On("sip_whitelist_network").Because("A.B.C.D/L or A.B.C.D/a.b.c.d")
	}
	return network.String(), nil
}

func whiteListItem(tx *store.Tx, account, id int64) (vox.SIPWhiteListItem, error) {
	item, ok := store.Get(tx, store.SIPWhiteList, id)
	if !ok || item.AccountID != account {
		return vox.SIPWhiteListItem{}, vox.ErrInvalidWhiteListID.On("sip_whitelist_id")
	}
	return item, nil
}
