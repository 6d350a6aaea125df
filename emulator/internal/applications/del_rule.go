package applications

import (
	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/reference"
	"github.com/voxemu/voxemu/emulator/internal/sipreg"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// DelRuleParams are the parameters of DelRule.
type DelRuleParams struct {
	ID              query.Selection `param:"rule_id"`
	Name            []string        `param:"rule_name"`
	ApplicationID   query.Selection `param:"application_id"`
	ApplicationName []string        `param:"application_name"`
}

// DelRule deletes rules, of all applications when none is named (A56);
// registrations that are bound to one keep their application (A51).
func DelRule(tx *store.Tx, caller vox.Principal, p DelRuleParams) (Done, error) {
	var applications []int64
	within := reference.Many{
		Kind: reference.Applications(), All: p.ApplicationID.All, IDs: p.ApplicationID.IDs, Names: p.ApplicationName,
	}
	if within.Given() {
		var err error
		if applications, err = within.Resolve(tx, caller.AccountID, nil); err != nil {
			return Done{}, err
		}
	}
	which := reference.Many{Kind: reference.Rules(), All: p.ID.All, IDs: p.ID.IDs, Names: p.Name}
	ids, err := which.Resolve(tx, caller.AccountID, applications)
	if err != nil {
		return Done{}, err
	}
	for _, id := range ids {
		if err := sipreg.ReleaseRule(tx, caller.AccountID, id); err != nil {
			return Done{}, err
		}
		store.Rules(tx).Delete(id)
	}
	return Done{Result: 1}, nil
}
