package store

import "github.com/voxemu/voxemu/emulator/vox"

// SIPWhiteList are the networks from which SIP calls are accepted.
var SIPWhiteList = newTable("sip_white_list",
	func(i *vox.SIPWhiteListItem) int64 { return i.ID },
	func(i *vox.SIPWhiteListItem) int64 { return i.AccountID },
	valueIndex("network", func(i *vox.SIPWhiteListItem) (string, bool) { return i.Network, true }),
)
