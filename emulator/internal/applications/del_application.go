package applications

import (
	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/reference"
	"github.com/voxemu/voxemu/emulator/internal/sipreg"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// DelApplicationParams are the parameters of DelApplication.
type DelApplicationParams struct {
	ID   query.Selection `param:"application_id"`
	Name []string        `param:"application_name"`
}

// DelApplication deletes applications with everything inside them; registrations
// that are bound to one are unbound and stay (A51).
func DelApplication(tx *store.Tx, caller vox.Principal, p DelApplicationParams) (Done, error) {
	which := reference.Many{Kind: reference.Applications(), All: p.ID.All, IDs: p.ID.IDs, Names: p.Name}
	ids, err := which.Resolve(tx, caller.AccountID, nil)
	if err != nil {
		return Done{}, err
	}
	for _, id := range ids {
		if err := deleteApplication(tx, caller.AccountID, id); err != nil {
			return Done{}, err
		}
	}
	return Done{Result: 1}, nil
}

func deleteApplication(tx *store.Tx, account, id int64) error {
	if err := sipreg.ReleaseApplication(tx, account, id); err != nil {
		return err
	}
	inside := []query.Match{query.Is("application_id", id)}
	if err := deleteAll(store.Rules(tx), account, inside, func(r vox.Rule) int64 { return r.ID }); err != nil {
		return err
	}
	if err := deleteAll(store.Scenarios(tx), account, inside, func(s vox.Scenario) int64 { return s.ID }); err != nil {
		return err
	}
	if err := deleteAll(store.Users(tx), account, inside, func(u vox.User) int64 { return u.ID }); err != nil {
		return err
	}
	store.Applications(tx).Delete(id)
	return nil
}

func deleteAll[R any](rows store.Rows[int64, R], account int64, where []query.Match, id func(R) int64) error {
	found, err := rows.Select(account, where, query.All())
	for _, row := range found {
		rows.Delete(id(row))
	}
	return err
}
