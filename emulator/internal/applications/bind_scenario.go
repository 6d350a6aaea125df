package applications

import (
	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/reference"
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// BindScenarioParams are the parameters of BindScenario.
type BindScenarioParams struct {
	ID              []int64  `param:"scenario_id"`
	Name            []string `param:"scenario_name"`
	RuleID          int64    `param:"rule_id"`
	RuleName        string   `param:"rule_name"`
	ApplicationID   int64    `param:"application_id"`
	ApplicationName string   `param:"application_name"`
	Bind            bool     `param:"bind"`
}

// BindScenario appends VoxEngine scripts to those of a rule, or removes them. A script of
// another application gives the error for unknown ones; a shared one can be bound to any
// rule.
func BindScenario(tx *store.Tx, caller vox.Principal, p BindScenarioParams) (reply.Done, error) {
	application, err := reference.Application(p.ApplicationID, p.ApplicationName).Resolve(tx, caller.AccountID, 0)
	if err != nil {
		return reply.Done{}, err
	}
	id, err := reference.Rule(p.RuleID, p.RuleName).Required(tx, caller.AccountID, application)
	if err != nil {
		return reply.Done{}, err
	}
	rule, _ := store.Get(tx, store.Rules, id)
	named := reference.Scenarios(query.IDs(p.ID), p.Name)
	scenarios, err := named.Required(tx, caller.AccountID, []int64{rule.ApplicationID})
	if err != nil {
		return reply.Done{}, err
	}
	if p.Bind {
		return reply.OK(bindScenarios(tx, id, scenarios...))
	}
	return reply.OK(unbindScenarios(tx, rule, scenarios...))
}
