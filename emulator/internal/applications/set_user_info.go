package applications

import (
	"cmp"

	"github.com/voxemu/voxemu/emulator/internal/reference"
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// SetUserInfoParams are the parameters of SetUserInfo.
type SetUserInfoParams struct {
	ID               int64   `param:"user_id"`
	Name             string  `param:"user_name"`
	ApplicationID    int64   `param:"application_id"`
	ApplicationName  string  `param:"application_name"`
	NewName          string  `param:"new_user_name"`
	DisplayName      string  `param:"user_display_name"`
	Password         string  `param:"user_password"`
	ParentAccounting *bool   `param:"parent_accounting"`
	Active           *bool   `param:"user_active"`
	MobilePhone      string  `param:"mobile_phone"`
	CustomData       *string `param:"user_custom_data"`
}

// SetUserInfo sets the given values.
func SetUserInfo(tx *store.Tx, caller vox.Principal, p SetUserInfoParams) (reply.Done, error) {
	application, err := reference.Application(p.ApplicationID, p.ApplicationName).Resolve(tx, caller.AccountID, 0)
	if err != nil {
		return reply.Done{}, err
	}
	id, err := reference.User(p.ID, p.Name).Required(tx, caller.AccountID, application)
	if err != nil {
		return reply.Done{}, err
	}
	if p.Password != "" {
		if err := checkPassword(tx, p.Password); err != nil {
			return reply.Done{}, err
		}
	}
	u, _ := store.Get(tx, store.Users, id)
	if application != 0 && u.ApplicationID != application {
		return reply.Done{}, vox.ErrInvalidUserID.On("user_id")
	}
	p.apply(&u)
	u.Modified = tx.Now()
	return reply.OK(putUser(tx, u, "new_user_name"))
}

func (p SetUserInfoParams) apply(u *vox.User) {
	u.Name = cmp.Or(p.NewName, u.Name)
	u.DisplayName = cmp.Or(p.DisplayName, u.DisplayName)
	u.Password = cmp.Or(p.Password, u.Password)
	u.MobilePhone = cmp.Or(p.MobilePhone, u.MobilePhone)
	if p.CustomData != nil {
		u.CustomData = *p.CustomData
	}
	if p.ParentAccounting != nil {
		u.SeparateBalance = !*p.ParentAccounting
	}
	if p.Active != nil {
		u.Inactive = !*p.Active
	}
}
