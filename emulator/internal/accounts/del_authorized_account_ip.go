package accounts

import (
	"slices"

	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// DelAuthorizedAccountIPParams are the parameters of DelAuthorizedAccountIP.
type DelAuthorizedAccountIPParams struct {
	AuthorizedIP string `param:"authorized_ip"`
	ContainsIP   string `param:"contains_ip"`
	Allowed      *bool  `param:"allowed"`
}

// DelAuthorizedAccountIP deletes entries of one list or both; the result is their number.
// If there are none it returns an error, unless all were to be deleted (A76).
func DelAuthorizedAccountIP(tx *store.Tx, caller vox.Principal, p DelAuthorizedAccountIPParams) (reply.Done, error) {
	entries, err := p.matching(tx, caller.AccountID)
	if err != nil {
		return reply.Done{}, err
	}
	if len(entries) == 0 && p.AuthorizedIP != "all" {
		return reply.Done{}, vox.ErrAuthorizedIPNotFound
	}
	for _, e := range entries {
		store.Delete(tx, store.AuthorizedIPs, e.ID)
	}
	return reply.Done{Result: len(entries)}, nil
}

func (p DelAuthorizedAccountIPParams) matching(tx *store.Tx, account int64) ([]vox.AuthorizedIP, error) {
	at, err := containedIP(p.ContainsIP)
	switch {
	case err != nil:
		return nil, err
	case p.AuthorizedIP == "" && !at.IsValid():
		return nil, vox.ErrMissingParameter.On("authorized_ip")
	case p.AuthorizedIP != "" && p.AuthorizedIP != "all":
		if _, p.AuthorizedIP, err = network("authorized_ip", p.AuthorizedIP); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(authorizedIPs(tx, account), func(e vox.AuthorizedIP) bool {
		named := p.AuthorizedIP == "" || p.AuthorizedIP == "all" || e.Network == p.AuthorizedIP
		return !named || at.IsValid() && !entryContains(e, at) || p.Allowed != nil && *p.Allowed == e.Denied
	}), nil
}
