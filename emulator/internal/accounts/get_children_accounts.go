package accounts

import (
	"slices"
	"sort"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/reply"
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
	Offset            int             `param:"offset"`
	Count             int             `param:"count"` // 0: not given
}

// fullPage is the default count of the full output; the shorter outputs list all children
// (docs/evidence.md#child-accounts).
const fullPage = 20

// GetChildrenAccounts lists the caller's child accounts; all of them if none is named
// (A68).
func GetChildrenAccounts(tx *store.Tx, caller vox.Principal, p GetChildrenAccountsParams) (reply.List[Info], error) {
	children, err := selectChildren(childrenOf(tx, caller.AccountID), p.ID, p.IgnoreInvalid)
	if err != nil {
		return reply.List[Info]{}, err
	}
	children = slices.DeleteFunc(children, func(a vox.Account) bool { return !p.passes(a) })
	p.sort(children)
	page, counts := reply.Cut(children, p.page())
	return reply.NewList(page, counts, func(a vox.Account) Info { return p.row(a, caller) }), nil
}

func (p GetChildrenAccountsParams) page() query.Page {
	page := query.Page{Offset: p.Offset, Count: p.Count}
	switch {
	case p.Count > 0:
	case p.Brief || p.Medium:
		page.Count = query.All().Count
	default:
		page.Count = fullPage
	}
	return page
}

func (p GetChildrenAccountsParams) passes(a vox.Account) bool {
	return reply.Contains(a.Name, p.Name) && reply.Contains(a.Email, p.Email) &&
		(p.Active == nil || *p.Active == !a.Inactive) && (p.Frozen == nil || *p.Frozen == a.Frozen)
}

func (p GetChildrenAccountsParams) sort(children []vox.Account) {
	switch p.OrderBy {
	case "child_account_name":
		sort.SliceStable(children, func(i, j int) bool { return children[i].Name < children[j].Name })
	case "child_account_email":
		sort.SliceStable(children, func(i, j int) bool { return children[i].Email < children[j].Email })
	}
}

func (p GetChildrenAccountsParams) row(a vox.Account, caller vox.Principal) Info {
	switch {
	case p.Brief:
		return Info{ID: a.ID}
	case p.Medium:
		return Info{ID: a.ID, Name: a.Name, Email: a.Email}
	}
	return info(a, caller, p.ReturnLiveBalance)
}
