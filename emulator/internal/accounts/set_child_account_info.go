package accounts

import (
	"slices"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// SetChildAccountInfoParams are the parameters of SetChildAccountInfo.
type SetChildAccountInfoParams struct {
	ID     query.Selection `param:"child_account_id"`
	Name   []string        `param:"child_account_name"`
	Email  []string        `param:"child_account_email"`
	Active *bool           `param:"active"`
	Profile
}

// SetChildAccountInfo sets the given values in all named children. They must be named by
// id, name or e-mail address (A68).
func SetChildAccountInfo(tx *store.Tx, caller vox.Principal, p SetChildAccountInfoParams) (reply.Done, error) {
	children, err := p.children(tx, caller.AccountID)
	if err != nil {
		return reply.Done{}, err
	}
	if err := p.Profile.apply(&vox.Account{}); err != nil { // reports mistakes even without children
		return reply.Done{}, err
	}
	for _, child := range children {
		if err := p.Profile.apply(&child); err != nil {
			return reply.Done{}, err
		}
		if p.Active != nil {
			child.Inactive = !*p.Active
		}
		if err := store.Put(tx, store.Accounts, child); err != nil {
			return reply.Done{}, err
		}
	}
	return reply.OK(nil)
}

func (p SetChildAccountInfoParams) children(tx *store.Tx, parent int64) ([]vox.Account, error) {
	all := childrenOf(tx, parent)
	switch {
	case p.ID.All || len(p.ID.IDs) > 0:
		return selectChildren(all, p.ID, false)
	case len(p.Name) > 0:
		return childrenNamed(all, p.Name, func(a vox.Account) string { return a.Name }, vox.ErrInvalidChildName.On("child_account_name"))
	case len(p.Email) > 0:
		return childrenNamed(all, p.Email, func(a vox.Account) string { return a.Email }, vox.ErrInvalidChildEmail.On("child_account_email"))
	}
	return nil, vox.ErrMissingParameter.On("child_account_id")
}

func childrenNamed(children []vox.Account, names []string, name func(vox.Account) string, unknown error) ([]vox.Account, error) {
	for _, n := range names {
		if !slices.ContainsFunc(children, func(a vox.Account) bool { return name(a) == n }) {
			return nil, unknown
		}
	}
	return slices.DeleteFunc(children, func(a vox.Account) bool { return !slices.Contains(names, name(a)) }), nil
}
