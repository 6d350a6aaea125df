package platform

import (
	"net/netip"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// peer is the address of the connection's other end, without its port; empty when
// there is none, as on a Unix socket. Headers of proxies do not count: anybody can
// send them. The lists know IPv4 only, so ::1 counts as 127.0.0.1 (A75).
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

// addressAllowed asks the account's lists (docs/evidence.md#authorised-addresses, A74).
func addressAllowed(tx *store.Tx, account int64, address string) bool {
	if store.AuthorizedIPs(tx).NextID() == 1 { // nobody has listed an address: nearly always, and a query costs more
		return true
	}
	entries, err := store.AuthorizedIPs(tx).Select(account, nil, query.All())
	if err != nil { // no match, so no index that could be missing
		panic(err)
	}
	if len(entries) == 0 {
		return true
	}
	at, _ := netip.ParseAddr(address)
	allowed, _ := vox.NetworkAllowed(entries, netip.PrefixFrom(at, at.BitLen()))
	return allowed
}
