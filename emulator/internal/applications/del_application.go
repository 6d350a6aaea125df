package applications

import (
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
	store.DeleteAll(tx, store.Rules, account, store.RuleApplication.Is(id))
	store.DeleteAll(tx, store.Scenarios, account, store.ScenarioApplication.Is(id))
	store.DeleteAll(tx, store.Users, account, store.UserApplication.Is(id))
	store.Delete(tx, store.Applications, id)
	return nil
}
