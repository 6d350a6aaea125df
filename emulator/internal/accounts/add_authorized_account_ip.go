package accounts

import (
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// AddAuthorizedAccountIPParams are the parameters of AddAuthorizedAccountIP.
type AddAuthorizedAccountIPParams struct {
	AuthorizedIP string `param:"authorized_ip"`
	Allowed      bool   `param:"allowed"`
	Description  string `param:"description"`
}

// AddAuthorizedAccountIP adds a network to the whitelist or the blacklist. If it is
// already in the list, only its description changes (A76).
func AddAuthorizedAccountIP(tx *store.Tx, caller vox.Principal, p AddAuthorizedAccountIPParams) (reply.Done, error) {
	_, text, err := network("authorized_ip", p.AuthorizedIP)
	if err != nil {
		return reply.Done{}, err
	}
	entries := authorizedIPs(tx, caller.AccountID)
	for _, e := range entries {
		if e.Network == text && e.Denied == !p.Allowed {
			set(&e.Description, p.Description)
			return reply.OK(store.Put(tx, store.AuthorizedIPs, e))
		}
	}
	if len(entries) >= maxAuthorizedIPs {
		return reply.Done{}, vox.ErrTooManyAuthorizedIPs
	}
	return reply.OK(store.Put(tx, store.AuthorizedIPs, vox.AuthorizedIP{
		ID: store.NextID(tx, store.AuthorizedIPs), AccountID: caller.AccountID, Network: text, Denied: !p.Allowed,
		Description: p.Description, Created: tx.Now(),
	}))
}
