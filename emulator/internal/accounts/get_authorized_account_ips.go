package accounts

import (
	"slices"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// GetAuthorizedAccountIPsParams are the parameters of GetAuthorizedAccountIPs.
type GetAuthorizedAccountIPsParams struct {
	Where        []query.Match `param:"filters"`
	AuthorizedIP string        `param:"authorized_ip"`
	ContainsIP   string        `param:"contains_ip"`
	Description  string        `param:"description"`
	Page
}

// GetAuthorizedAccountIPsReply is the reply of GetAuthorizedAccountIPs.
type GetAuthorizedAccountIPsReply struct {
	Result []AuthorizedIPRow `json:"result"`
	Counts
}

// AuthorizedIPRow is one entry of the lists.
type AuthorizedIPRow struct {
	AuthorizedIP string `json:"authorized_ip"`
	Allowed      bool   `json:"allowed"`
	Description  string `json:"description,omitempty"`
	Created      string `json:"created"` // UTC
}

// GetAuthorizedAccountIPs lists the entries that pass every filter, the oldest
// first.
func GetAuthorizedAccountIPs(tx *store.Tx, caller vox.Principal, p GetAuthorizedAccountIPsParams) (GetAuthorizedAccountIPsReply, error) {
	at, err := containedIP(p.ContainsIP)
	if err != nil {
		return GetAuthorizedAccountIPsReply{}, err
	}
	if p.AuthorizedIP != "" {
		if p.AuthorizedIP, err = network("authorized_ip", p.AuthorizedIP); err != nil {
			return GetAuthorizedAccountIPsReply{}, err
		}
	}
	entries, err := store.AuthorizedIPs(tx).Select(caller.AccountID, p.Where, query.All())
	entries = slices.DeleteFunc(entries, func(e vox.AuthorizedIP) bool {
		return p.AuthorizedIP != "" && e.Network != p.AuthorizedIP || at.IsValid() && !holds(e, at) || !contains(e.Description, p.Description)
	})
	found, counts := window(entries, p.Page)
	return GetAuthorizedAccountIPsReply{each(found, func(e vox.AuthorizedIP) AuthorizedIPRow {
		return AuthorizedIPRow{e.Network, !e.Denied, e.Description, moment(e.Created)}
	}), counts}, err
}
