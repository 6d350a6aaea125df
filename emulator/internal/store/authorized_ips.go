package store

import (
	"strconv"

	"github.com/voxemu/voxemu/emulator/vox"
)

// AuthorizedIPs are the accounts' lists of addresses.
var AuthorizedIPs = newTable("authorized_ips",
	func(a *vox.AuthorizedIP) int64 { return a.ID },
	func(a *vox.AuthorizedIP) int64 { return a.AccountID },
	flagIndex("allowed", func(a *vox.AuthorizedIP) (set, ok bool) { return !a.Denied, true }),
	uniqueIndex("list/network", func(a *vox.AuthorizedIP) (string, bool) { return strconv.FormatBool(a.Denied) + "/" + a.Network, true }),
)
