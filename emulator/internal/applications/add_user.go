package applications

import (
	"github.com/voxemu/voxemu/emulator/internal/reference"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// maxUsers is the maximum number of users of an account (docs/evidence.md#users).
const maxUsers = 1000

// AddUserParams are the parameters of AddUser.
type AddUserParams struct {
	ApplicationID    int64  `param:"application_id"`
	ApplicationName  string `param:"application_name"`
	Name             string `param:"user_name"`
	DisplayName      string `param:"user_display_name"`
	Password         string `param:"user_password"`
	ParentAccounting bool   `param:"parent_accounting"`
	Active           bool   `param:"user_active"`
	MobilePhone      string `param:"mobile_phone"`
	CustomData       string `param:"user_custom_data"`
}

// AddUserReply is the reply of AddUser.
type AddUserReply struct {
	Result int   `json:"result"`
	ID     int64 `json:"user_id"`
}

// AddUser creates a user of an application.
func AddUser(tx *store.Tx, caller vox.Principal, p AddUserParams) (AddUserReply, error) {
	application, err := reference.Application(p.ApplicationID, p.ApplicationName).Required(tx, caller.AccountID, 0)
	if err != nil {
		return AddUserReply{}, err
	}
	if store.Count(tx, store.Users, caller.AccountID, nil) >= maxUsers {
		return AddUserReply{}, vox.ErrTooManyUsers
	}
	if err := checkPassword(tx, p.Password); err != nil {
		return AddUserReply{}, err
	}
	u := vox.User{
		ID: store.NextID(tx, store.Users), AccountID: caller.AccountID, ApplicationID: application,
		Name: p.Name, DisplayName: p.DisplayName, Password: p.Password, Inactive: !p.Active,
		SeparateBalance: !p.ParentAccounting, MobilePhone: p.MobilePhone, CustomData: p.CustomData,
		Created: tx.Now(), Modified: tx.Now(),
	}
	return AddUserReply{Result: 1, ID: u.ID}, putUser(tx, u, "user_name")
}
