package store

import "github.com/voxemu/voxemu/emulator/vox"

var sipWhiteList = table[int64, vox.SIPWhiteListItem]{
	tag: 11, name: "sip_white_list",
	id:      func(i *vox.SIPWhiteListItem) int64 { return i.ID },
	account: func(i *vox.SIPWhiteListItem) int64 { return i.AccountID },
	indexes: []index[vox.SIPWhiteListItem]{
		valueIndex("network", func(i *vox.SIPWhiteListItem) (string, bool) { return i.Network, true }),
	},
}

// SIPWhiteList returns the networks from which SIP calls are accepted.
func SIPWhiteList(tx *Tx) Rows[int64, vox.SIPWhiteListItem] {
	return Rows[int64, vox.SIPWhiteListItem]{tx, &sipWhiteList}
}
