package accounts

import (
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

// CheckAuthorizedAccountIP reports whether the account's lists allow an address or a
// whole network.
func CheckAuthorizedAccountIP(tx *store.Tx, caller vox.Principal, p CheckAuthorizedAccountIPParams) (CheckAuthorizedAccountIPReply, error) {
	asked, _, err := network("authorized_ip", p.AuthorizedIP)
	if err != nil {
		return CheckAuthorizedAccountIPReply{}, err
	}
	allowed, decided := vox.NetworkAllowed(authorizedIPs(tx, caller.AccountID), asked)
	return CheckAuthorizedAccountIPReply{allowed, decided.Network}, nil
}
