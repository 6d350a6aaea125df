package accounts

import (
	"slices"
	"strings"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// GetChildrenAccountsParams are the parameters of GetChildrenAccounts.
type GetChildrenAccountsParams struct {
	ID                query.Selection `param:"child_account_id"`
	Name              string          `param:"child_account_name"`
	Email             string          `param:"child_account_email"`
	Active            *bool           `param:"active"`
	Frozen            *bool           `param:"frozen"`
	IgnoreInvalid     bool            `param:"ignore_invalid_accounts"`
	Brief             bool            `param:"brief_output"`
	Medium            bool            `param:"medium_output"`
	OrderBy           string          `param:"order_by"`
	ReturnLiveBalance bool            `param:"return_live_balance"`
	Page
}

// GetChildrenAccountsReply is the reply of GetChildrenAccounts.
type GetChildrenAccountsReply struct {
	Result []Info `json:"result"`
	Counts
}

// GetChildrenAccounts lists the accounts that the caller's is the parent of; all
// of them when none is named (A68).
func GetChildrenAccounts(tx *store.Tx, caller vox.Principal, p GetChildrenAccountsParams) (GetChildrenAccountsReply, error) {
	children, err := childrenOf(tx, caller.AccountID)
	if err != nil {
		return GetChildrenAccountsReply{}, err
	}
	if children, err = chosen(children, p.ID, p.IgnoreInvalid); err != nil {
		return GetChildrenAccountsReply{}, err
	}
	children = slices.DeleteFunc(children, func(a vox.Account) bool { return !p.passes(a) })
	p.sort(children)
	found, counts := window(children, p.Page)
	return GetChildrenAccountsReply{each(found, p.shape), counts}, nil
}

func (p GetChildrenAccountsParams) passes(a vox.Account) bool {
	return contains(a.Name, p.Name) && contains(a.Email, p.Email) &&
		(p.Active == nil || *p.Active == !a.Inactive) && (p.Frozen == nil || *p.Frozen == a.Frozen)
}

func (p GetChildrenAccountsParams) sort(children []vox.Account) {
	switch p.OrderBy {
	case "child_account_name":
		slices.SortStableFunc(children, func(a, b vox.Account) int { return strings.Compare(a.Name, b.Name) })
	case "child_account_email":
		slices.SortStableFunc(children, func(a, b vox.Account) int { return strings.Compare(a.Email, b.Email) })
	}
}

func (p GetChildrenAccountsParams) shape(a vox.Account) Info {
	switch {
	case p.Brief:
		return Info{ID: a.ID}
	case p.Medium:
		return Info{ID: a.ID, Name: a.Name, Email: a.Email}
	}
	return info(a, p.ReturnLiveBalance)
}
