package store

import "github.com/voxemu/voxemu/emulator/vox"

var sipWhiteList = newKind("sip_white_list",
	func(i *vox.SIPWhiteListItem) int64 { return i.ID },
	func(i *vox.SIPWhiteListItem) int64 { return i.AccountID },
	valueIndex("network", func(i *vox.SIPWhiteListItem) (string, bool) { return i.Network, true }),
)

// SIPWhiteList returns the networks from which SIP calls are accepted.
func SIPWhiteList(tx *Tx) Rows[int64, vox.SIPWhiteListItem] {
	return Rows[int64, vox.SIPWhiteListItem]{tx, sipWhiteList}
}
