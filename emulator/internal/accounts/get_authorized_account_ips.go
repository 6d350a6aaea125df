package accounts

import (
	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// GetAuthorizedAccountIPsParams are the parameters of GetAuthorizedAccountIPs.
type GetAuthorizedAccountIPsParams struct {
	Where        []query.Filter `param:"filters"`
	AuthorizedIP string         `param:"authorized_ip"`
	ContainsIP   string         `param:"contains_ip"`
	Description  string         `param:"description"`
	query.Page
}

// AuthorizedIPRow is an entry in the reply.
type AuthorizedIPRow struct {
	AuthorizedIP string `json:"authorized_ip"`
	Allowed      bool   `json:"allowed"`
	Description  string `json:"description,omitempty"`
	Created      string `json:"created"` // UTC
}

// GetAuthorizedAccountIPs lists the entries that match all filters, the oldest first.
func GetAuthorizedAccountIPs(tx *store.Tx, caller vox.Principal, p GetAuthorizedAccountIPsParams) (reply.List[AuthorizedIPRow], error) {
	at, err := containedIP(p.ContainsIP)
	if err != nil {
		return reply.List[AuthorizedIPRow]{}, err
	}
	if p.AuthorizedIP != "" {
		if _, p.AuthorizedIP, err = network("authorized_ip", p.AuthorizedIP); err != nil {
			return reply.List[AuthorizedIPRow]{}, err
		}
	}
	list := reply.Listing[vox.AuthorizedIP]{Where: store.Conditions(store.AuthorizedIPs, p.Where), Keep: func(e vox.AuthorizedIP) bool {
		return (p.AuthorizedIP == "" || e.Network == p.AuthorizedIP) && (!at.IsValid() || entryContains(e, at)) && reply.Contains(e.Description, p.Description)
	}}
	entries, counts := list.Page(tx, store.AuthorizedIPs, caller.AccountID, p.Page)
	return reply.NewList(entries, counts, func(e vox.AuthorizedIP) AuthorizedIPRow {
		return AuthorizedIPRow{e.Network, !e.Denied, e.Description, reply.Time(e.Created)}
	}), nil
}
