package applications

import (
	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/reference"
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

// DelUser deletes users, of the application or, when none is named, of any. A
// registration that a user holds stays, without a user; a non-persistent one
// goes offline (A51).
func DelUser(tx *store.Tx, caller vox.Principal, p DelUserParams) (Done, error) {
	users, err := usersOf(tx, caller, p.ID, p.Name, p.ApplicationID, p.ApplicationName)
	if err != nil {
		return Done{}, err
	}
	for _, u := range users {
		if err := sipreg.ReleaseUser(tx, caller.AccountID, u.ID); err != nil {
			return Done{}, err
		}
		store.Users(tx).Delete(u.ID)
	}
	return Done{Result: 1}, nil
}

// usersOf finds users within an application, or within any.
func usersOf(tx *store.Tx, caller vox.Principal, chosen query.Selection, names []string, applicationID int64, applicationName string) ([]vox.User, error) {
	application, err := reference.One{Kind: reference.Applications(), ID: applicationID, Name: applicationName}.Resolve(tx, caller.AccountID, 0)
	if err != nil {
		return nil, err
	}
	var within []int64
	if application != 0 {
		within = []int64{application}
	}
	which := reference.Many{Kind: reference.Users(), All: chosen.All, IDs: chosen.IDs, Names: names}
	ids, err := which.Resolve(tx, caller.AccountID, within)
	if err != nil {
		return nil, err
	}
	users := make([]vox.User, len(ids))
	for i, id := range ids {
		users[i], _ = store.Users(tx).Get(id)
		if application != 0 && users[i].ApplicationID != application {
			return nil, vox.ErrInvalidUserID.On("user_id")
		}
	}
	return users, nil
}
