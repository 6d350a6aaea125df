package store

import (
	"strconv"

	"github.com/voxemu/voxemu/emulator/vox"
)

var authorizedIPs = newKind("authorized_ips",
	func(a *vox.AuthorizedIP) int64 { return a.ID },
	func(a *vox.AuthorizedIP) int64 { return a.AccountID },
	flagIndex("allowed", func(a *vox.AuthorizedIP) (set, ok bool) { return !a.Denied, true }),
	uniqueIndex("list/network", func(a *vox.AuthorizedIP) (string, bool) { return strconv.FormatBool(a.Denied) + "/" + a.Network, true }),
)

// AuthorizedIPs returns the accounts' lists of addresses.
func AuthorizedIPs(tx *Tx) Rows[int64, vox.AuthorizedIP] {
	return Rows[int64, vox.AuthorizedIP]{tx, authorizedIPs}
}
