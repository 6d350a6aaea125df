package applications

import (
	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/reference"
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/sipreg"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// BindUserParams are the parameters of BindUser.
type BindUserParams struct {
	ID              query.Selection `param:"user_id"`
	Name            []string        `param:"user_name"`
	ApplicationID   query.Selection `param:"application_id"`
	ApplicationName []string        `param:"application_name"`
	Bind            bool            `param:"bind"`
}

// BindUser moves users to an application, or removes them from it. A user belongs to one
// application at a time (A64); its registration elsewhere is unbound.
func BindUser(tx *store.Tx, caller vox.Principal, p BindUserParams) (reply.Done, error) {
	named := reference.Applications(p.ApplicationID, p.ApplicationName)
	applications, err := named.Required(tx, caller.AccountID, nil)
	if err != nil {
		return reply.Done{}, err
	}
	users, err := usersIn(tx, caller.AccountID, 0, reference.Users(p.ID, p.Name))
	if err != nil {
		return reply.Done{}, err
	}
	if p.Bind && len(applications) != 1 {
		return reply.Done{}, vox.ErrInvalidApplicationID.On("application_id").Because("one application: a user belongs to one")
	}
	for _, u := range users {
		for _, a := range applications {
			if err := bindUser(tx, u, a, p.Bind); err != nil {
				return reply.Done{}, err
			}
		}
	}
	return reply.OK(nil)
}

func bindUser(tx *store.Tx, u vox.User, application int64, bind bool) error {
	if bind == (u.ApplicationID == application) {
		return nil
	}
	if err := sipreg.ReleaseUser(tx, u.AccountID, u.ID); err != nil {
		return err
	}
	u.ApplicationID, u.Modified = 0, tx.Now()
	if bind {
		u.ApplicationID = application
	}
	return putUser(tx, u, "user_name")
}
