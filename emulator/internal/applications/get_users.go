package applications

import (
	"slices"
	"strings"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// GetUsersParams are the parameters of GetUsers.
type GetUsersParams struct {
	Where           []query.Filter `param:"filters"`
	ApplicationName string         `param:"application_name"`
	Name            string         `param:"user_name"`
	DisplayName     string         `param:"user_display_name"`
	OrderBy         string         `param:"order_by"`
	query.Page
}

// UserRow is a user in the reply (docs/evidence.md#users), without the password.
type UserRow struct {
	ID               int64     `json:"user_id"`
	Name             string    `json:"user_name"`
	DisplayName      string    `json:"user_display_name"`
	Active           bool      `json:"user_active"`
	ParentAccounting bool      `json:"parent_accounting"`
	Balance          vox.Money `json:"balance"` // users have no money here, A65
	FixedBalance     vox.Money `json:"fixed_balance"`
	LiveBalance      vox.Money `json:"live_balance"`
	MobilePhone      string    `json:"mobile_phone,omitempty"`
	CustomData       string    `json:"user_custom_data,omitempty"`
	ACDStatus        string    `json:"acd_status"` // always OFFLINE, A65
	Frozen           bool      `json:"frozen"`
	Created          string    `json:"created"`  // UTC
	Modified         string    `json:"modified"` // UTC
}

// GetUsers lists the users of applications, at least one of which must be named, by id or
// by a part of the name (docs/evidence.md#users).
func GetUsers(tx *store.Tx, caller vox.Principal, p GetUsersParams) (reply.List[UserRow], error) {
	byID := slices.ContainsFunc(p.Where, func(m query.Filter) bool { return m.Index == "application_id" })
	if !byID && p.ApplicationName == "" {
		return reply.List[UserRow]{}, vox.ErrInvalidApplicationID.On("application_id")
	}
	list := reply.Listing[vox.User]{Where: store.Conditions(store.Users, p.Where), Order: userOrder(p.OrderBy)}
	if p.Name != "" || p.DisplayName != "" || p.ApplicationName != "" {
		list.Keep = func(u vox.User) bool { return p.passes(tx, u) }
	}
	users, counts := list.Page(tx, store.Users, caller.AccountID, p.Page)
	return reply.NewList(users, counts, userRow), nil
}

// passes evaluates the filters by a part of a name.
func (p GetUsersParams) passes(tx *store.Tx, u vox.User) bool {
	if !reply.Contains(u.Name, p.Name) || !reply.Contains(u.DisplayName, p.DisplayName) {
		return false
	}
	if p.ApplicationName == "" {
		return true
	}
	a, bound := store.Get(tx, store.Applications, u.ApplicationID)
	owner, _ := store.Get(tx, store.Accounts, u.AccountID)
	return bound && reply.Contains(a.FullName(owner.Name), p.ApplicationName)
}

// userOrder returns nil for the order by id.
func userOrder(by string) func(a, b vox.User) int {
	switch by {
	case "user_name":
		return func(a, b vox.User) int { return strings.Compare(a.Name, b.Name) }
	case "user_display_name":
		return func(a, b vox.User) int { return strings.Compare(a.DisplayName, b.DisplayName) }
	}
	return nil
}

func userRow(u vox.User) UserRow {
	return UserRow{
		ID: u.ID, Name: u.Name, DisplayName: u.DisplayName, Active: !u.Inactive,
		ParentAccounting: !u.SeparateBalance, MobilePhone: u.MobilePhone, CustomData: u.CustomData,
		ACDStatus: "OFFLINE", Created: reply.Time(u.Created), Modified: reply.Time(u.Modified),
	}
}
