package accounts

import (
	"net/netip"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// maxAuthorizedIPs is the maximum number of entries in an account's lists (A76).
const maxAuthorizedIPs = 100

func authorizedIPs(tx *store.Tx, account int64) []vox.AuthorizedIP {
	return store.Select(tx, store.AuthorizedIPs, account, nil, query.All())
}

// containedIP parses contains_ip; the zero address if it is not given.
func containedIP(text string) (netip.Addr, error) {
	if text == "" {
		return netip.Addr{}, nil
	}
	at, err := netip.ParseAddr(text)
	if err != nil || !at.Is4() {
		return at, vox.ErrInvalidContainsIP.On("contains_ip").Because("an IPv4 address")
	}
	return at, nil
}

// network parses an address or a network and returns its stored form too.
func network(field, text string) (netip.Prefix, string, error) {
	parsed, canonical, ok := vox.ParseNetwork(text)
	if !ok {
		return netip.Prefix{}, "", vox.ErrInvalidAuthorizedIP.On(field).Because("an IPv4 address or a network such as 192.0.2.0/24")
	}
	return parsed, canonical, nil
}

func entryContains(e vox.AuthorizedIP, at netip.Addr) bool {
	network, _, _ := vox.ParseNetwork(e.Network)
	return network.Contains(at)
}
