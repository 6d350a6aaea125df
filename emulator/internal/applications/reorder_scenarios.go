package applications

import (
	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/reference"
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// ReorderScenariosParams are the parameters of ReorderScenarios.
type ReorderScenariosParams struct {
	RuleID   int64   `param:"rule_id"`
	RuleName string  `param:"rule_name"`
	ID       []int64 `param:"scenario_id"`
}

// ReorderScenarios moves the given scripts of a rule to the start, in their order; the
// others keep theirs (A58).
func ReorderScenarios(tx *store.Tx, caller vox.Principal, p ReorderScenariosParams) (reply.Done, error) {
	rule, err := reference.Rule(p.RuleID, p.RuleName).Required(tx, caller.AccountID, 0)
	if err != nil {
		return reply.Done{}, err
	}
	front, err := reference.Scenarios(query.IDs(p.ID), nil).Required(tx, caller.AccountID, nil)
	if err != nil {
		return reply.Done{}, err
	}
	r, _ := store.Get(tx, store.Rules, rule)
	order := toFront(r.ScenarioIDs, front)
	if len(order) != len(r.ScenarioIDs) {
		return reply.Done{}, vox.ErrInvalidScenarioID.On("scenario_id").Because("scenarios that are bound to the rule")
	}
	r.ScenarioIDs, r.Modified = order, tx.Now()
	return reply.OK(store.Put(tx, store.Rules, r))
}
