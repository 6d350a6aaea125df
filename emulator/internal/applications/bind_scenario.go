package applications

import (
	"github.com/voxemu/voxemu/emulator/internal/reference"
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

// BindScenario appends scenarios to what a rule runs, or takes them from it. A
// scenario of another application looks unknown, a shared one fits every rule.
func BindScenario(tx *store.Tx, caller vox.Principal, p BindScenarioParams) (Done, error) {
	application, err := reference.One{Kind: reference.Applications(), ID: p.ApplicationID, Name: p.ApplicationName}.Resolve(tx, caller.AccountID, 0)
	if err != nil {
		return Done{}, err
	}
	id, err := reference.One{Kind: reference.Rules(), ID: p.RuleID, Name: p.RuleName}.Required(tx, caller.AccountID, application)
	if err != nil {
		return Done{}, err
	}
	rule, _ := store.Rules(tx).Get(id)
	which := reference.Many{Kind: reference.Scenarios(), IDs: p.ID, Names: p.Name}
	scenarios, err := which.Resolve(tx, caller.AccountID, []int64{rule.ApplicationID})
	if err != nil {
		return Done{}, err
	}
	if p.Bind {
		return done(addTo(tx, id, scenarios...))
	}
	return done(removeFrom(tx, rule, scenarios...))
}
