package applications

import (
	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/reference"
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/sipreg"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// DelUserParams are the parameters of DelUser.
type DelUserParams struct {
	ID              query.Selection `param:"user_id"`
	Name            []string        `param:"user_name"`
	ApplicationID   int64           `param:"application_id"`
	ApplicationName string          `param:"application_name"`
}

// DelUser deletes users, of the application or, if none is named, of any. A user's
// registration is unbound and not deleted; a non-persistent one goes offline (A51).
func DelUser(tx *store.Tx, caller vox.Principal, p DelUserParams) (reply.Done, error) {
	application, err := reference.Application(p.ApplicationID, p.ApplicationName).Resolve(tx, caller.AccountID, 0)
	if err != nil {
		return reply.Done{}, err
	}
	users, err := usersIn(tx, caller.AccountID, application, reference.Users(p.ID, p.Name))
	if err != nil {
		return reply.Done{}, err
	}
	for _, u := range users {
		if err := sipreg.ReleaseUser(tx, caller.AccountID, u.ID); err != nil {
			return reply.Done{}, err
		}
		store.Delete(tx, store.Users, u.ID)
	}
	return reply.OK(nil)
}

// usersIn returns the named users. They must belong to the application unless it is 0.
func usersIn(tx *store.Tx, account, application int64, named reference.Many) ([]vox.User, error) {
	var within []int64
	if application != 0 {
		within = []int64{application}
	}
	ids, err := named.Required(tx, account, within)
	users := make([]vox.User, len(ids))
	for i, id := range ids {
		users[i], _ = store.Get(tx, store.Users, id)
		if application != 0 && users[i].ApplicationID != application {
			return nil, vox.ErrInvalidUserID.On("user_id")
		}
	}
	return users, err
}
