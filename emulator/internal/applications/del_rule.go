package applications

import (
	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/reference"
	"github.com/voxemu/voxemu/emulator/internal/reply"
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

// DelRule deletes rules, of all applications if none is named (A56). Registrations bound
// to one stay bound to its application (A51).
func DelRule(tx *store.Tx, caller vox.Principal, p DelRuleParams) (reply.Done, error) {
	applications, err := reference.Applications(p.ApplicationID, p.ApplicationName).Resolve(tx, caller.AccountID, nil)
	if err != nil {
		return reply.Done{}, err
	}
	return deleteEach(tx, caller.AccountID, reference.Rules(p.ID, p.Name), applications, deleteRule)
}

func deleteRule(tx *store.Tx, account, id int64) error {
	if err := sipreg.ReleaseRule(tx, account, id); err != nil {
		return err
	}
	store.Delete(tx, store.Rules, id)
	return nil
}
