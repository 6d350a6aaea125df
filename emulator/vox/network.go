package vox

import (
	"encoding/binary"
	"math/bits"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// AuthorizedIP is an entry in an account's whitelist or blacklist of addresses that may
// use the API (docs/evidence.md#authorised-addresses).
type AuthorizedIP struct {
	// ID is required and positive. The API does not return it.
	ID int64 `yaml:"id" jsonschema:"required"`
	// AccountID is the owner; default: the only account of the file.
	AccountID int64 `yaml:"account_id,omitempty"`
	// Network is an IPv4 address or network such as 192.0.2.0/24, unique in its list. Bits
	// of hosts are cleared, see [ParseNetwork].
	Network string `yaml:"network" jsonschema:"required"`
	// Denied reports whether the entry belongs to the blacklist; allowed=false in the API.
	Denied bool `yaml:"denied,omitempty"`
	// Description is free text.
	Description string `yaml:"description,omitempty"`
	// Created is the time of creation; default: the time of loading.
	Created time.Time `yaml:"created,omitempty"`
}

// SIPWhiteListItem is a network from which the account accepts SIP calls. The emulator
// stores it and does not use it, because it has no calls.
type SIPWhiteListItem struct {
	// ID is sip_whitelist_id; required, positive.
	ID int64 `yaml:"id" jsonschema:"required"`
	// AccountID is the owner; default: the only account of the file.
	AccountID int64 `yaml:"account_id,omitempty"`
	// Network is an IPv4 address or network such as 192.0.2.0/24. Bits of hosts are
	// cleared, see [ParseNetwork].
	Network string `yaml:"network" jsonschema:"required"`
	// Description is free text.
	Description string `yaml:"description,omitempty"`
}

// ParseNetwork reads an IPv4 address or network: A.B.C.D, A.B.C.D/L or A.B.C.D/a.b.c.d
// with a contiguous mask. Host bits are cleared. canonical is the form that is stored and
// returned by the API.
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

// cutMask splits a network into address and prefix length. The length is -1 if it is
// malformed.
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

// NetworkAllowed reports whether an account's lists allow a network, or an address as a
// network of one. Only entries that contain the whole network count: it is not allowed if
// one is in the blacklist, else allowed if the whitelist is empty or has one (A74). The
// second result is the entry that decided, the longest of several; zero: none.
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
