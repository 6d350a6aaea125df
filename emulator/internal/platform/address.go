package platform

import (
	"net/netip"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// peer returns the client's address without its port; "" on a Unix socket. Headers of
// proxies are ignored, because any client can send them. The lists contain only IPv4
// addresses, so ::1 is treated as 127.0.0.1 (A75).
func peer(remote string) string {
	at, err := netip.ParseAddrPort(remote)
	switch {
	case err != nil:
		return ""
	case at.Addr().Unmap().IsLoopback() && !at.Addr().Unmap().Is4():
		return "127.0.0.1"
	}
	return at.Addr().Unmap().WithZone("").String()
}

// addressAllowed checks the account's lists (docs/evidence.md#authorised-addresses, A74).
func addressAllowed(tx *store.Tx, account int64, address string) bool {
	if store.NextID(tx, store.AuthorizedIPs) == 1 { // no account has ever listed an address; saves a query
		return true
	}
	entries := store.Select(tx, store.AuthorizedIPs, account, nil, query.All())
	if len(entries) == 0 {
		return true
	}
	at, _ := netip.ParseAddr(address)
	allowed, _ := vox.NetworkAllowed(entries, netip.PrefixFrom(at, at.BitLen()))
	return allowed
}
