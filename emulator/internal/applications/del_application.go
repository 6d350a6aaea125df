package applications

import (
	"errors"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/reference"
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/sipreg"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// DelApplicationParams are the parameters of DelApplication.
type DelApplicationParams struct {
	ID   query.Selection `param:"application_id"`
	Name []string        `param:"application_name"`
}

// DelApplication deletes applications with their rules, scripts and users. Registrations
// are unbound and not deleted (A51).
func DelApplication(tx *store.Tx, caller vox.Principal, p DelApplicationParams) (reply.Done, error) {
	return deleteEach(tx, caller.AccountID, reference.Applications(p.ID, p.Name), nil, deleteApplication)
}

func deleteApplication(tx *store.Tx, account, id int64) error {
	if err := sipreg.ReleaseApplication(tx, account, id); err != nil {
		return err
	}
	inside := []query.Match{query.Is("application_id", id)}
	err := errors.Join(
		deleteSelected(store.Rules(tx), account, inside, func(r vox.Rule) int64 { return r.ID }),
		deleteSelected(store.Scenarios(tx), account, inside, func(s vox.Scenario) int64 { return s.ID }),
		deleteSelected(store.Users(tx), account, inside, func(u vox.User) int64 { return u.ID }),
	)
	store.Applications(tx).Delete(id)
	return err
}
