package accounts

import (
	"net/netip"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// CheckAuthorizedAccountIPParams are the parameters of CheckAuthorizedAccountIP.
type CheckAuthorizedAccountIPParams struct {
	AuthorizedIP string `param:"authorized_ip"`
}

// CheckAuthorizedAccountIPReply is the reply of CheckAuthorizedAccountIP.
type CheckAuthorizedAccountIPReply struct {
	Result       bool   `json:"result"`
	AuthorizedIP string `json:"authorized_ip,omitempty"` // the entry that decided
}

// CheckAuthorizedAccountIP reports whether the API accepts requests from an
// address.
func CheckAuthorizedAccountIP(tx *store.Tx, caller vox.Principal, p CheckAuthorizedAccountIPParams) (CheckAuthorizedAccountIPReply, error) {
	at, err := netip.ParseAddr(p.AuthorizedIP)
	if err != nil || !at.Is4() {
		return CheckAuthorizedAccountIPReply{}, vox.ErrInvalidAuthorizedIP.On("authorized_ip").Because("an IPv4 address")
	}
	entries, err := authorizedIPs(tx, caller.AccountID)
	allowed, decided := vox.AddressAllowed(entries, at)
	return CheckAuthorizedAccountIPReply{allowed, decided.Network}, err
}
