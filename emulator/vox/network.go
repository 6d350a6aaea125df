package vox

import (
	"encoding/binary"
	"math/bits"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// AuthorizedIP is an entry of the lists that say from where an account may be
// used (docs/evidence.md#authorised-addresses).
type AuthorizedIP struct {
	// ID identifies the entry; required, positive. The API does not show it.
	ID int64 `yaml:"id" jsonschema:"required"`
	// AccountID is the owner; default: the only account of its file.
	AccountID int64 `yaml:"account_id,omitempty"`
	// Network is an IPv4 address or network such as 192.0.2.0/24, as
	// [ParseNetwork] writes it; unique in its list.
	Network string `yaml:"network" jsonschema:"required"`
	// Denied entries are the blacklist; the API says allowed=false.
	Denied bool `yaml:"denied,omitempty"`
	// Description is any text of the client's.
	Description string `yaml:"description,omitempty"`
	// Created is when the entry was made; default: the moment of loading.
	Created time.Time `yaml:"created,omitempty"`
}

// SIPWhiteListItem is a network that an account's SIP calls may come from. It is
// kept and never enforced: there are no calls here.
type SIPWhiteListItem struct {
	// ID identifies the item (sip_whitelist_id); required, positive.
	ID int64 `yaml:"id" jsonschema:"required"`
	// AccountID is the owner; default: the only account of its file.
	AccountID int64 `yaml:"account_id,omitempty"`
	// Network is an IPv4 address or network, as [ParseNetwork] writes it.
	Network string `yaml:"network" jsonschema:"required"`
	// Description is any text of the client's.
	Description string `yaml:"description,omitempty"`
}

// ParseNetwork reads an IPv4 address or network: A.B.C.D, A.B.C.D/L or
// A.B.C.D/a.b.c.d with a contiguous mask. Bits behind the length are cleared. The
// second result is the network as it is stored and answered.
func ParseNetwork(text string) (network netip.Prefix, canonical string, ok bool) {
	address, length, given := cutMask(text)
	if !address.Is4() || length < 0 {
		return netip.Prefix{}, "", false
	}
	network = netip.PrefixFrom(address, length).Masked()
	if !given {
		return network, address.String(), true
	}
	return network, network.String(), true
}

// cutMask splits a network; a length of -1 is none that can be read.
func cutMask(text string) (address netip.Addr, length int, given bool) {
	before, mask, given := strings.Cut(text, "/")
	address, err := netip.ParseAddr(before)
	if err != nil {
		return netip.Addr{}, -1, given
	}
	if !given {
		return address, 32, false
	}
	if n, err := strconv.Atoi(mask); err == nil && n >= 0 && n <= 32 && strconv.Itoa(n) == mask {
		return address, n, true
	}
	parsed, err := netip.ParseAddr(mask)
	if err != nil || !parsed.Is4() {
		return address, -1, true
	}
	bytes := parsed.As4()
	word := binary.BigEndian.Uint32(bytes[:])
	length = bits.LeadingZeros32(^word)
	if bits.OnesCount32(word) != length {
		return address, -1, true
	}
	return address, length, true
}

// NetworkAllowed judges an address, which is a network of one, or a network by an
// account's lists. Only entries that contain all of it count: one of the blacklist
// refuses it; else it is allowed when the whitelist is empty or has one (A74). It
// also gives the entry that decided, the longest of several; zero: none.
func NetworkAllowed(entries []AuthorizedIP, network netip.Prefix) (bool, AuthorizedIP) {
	var decided AuthorizedIP
	longest, restricted := -1, false
	for _, e := range entries {
		listed, _, _ := ParseNetwork(e.Network)
		restricted = restricted || !e.Denied
		switch {
		case listed.Bits() > network.Bits() || !listed.Contains(network.Addr()):
		case decided.Denied && !e.Denied:
		case e.Denied && !decided.Denied || listed.Bits() > longest:
			decided, longest = e, listed.Bits()
		}
	}
	return !decided.Denied && (!restricted || decided.ID != 0), decided
}
