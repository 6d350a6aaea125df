package applications

import (
	"slices"

	"github.com/voxemu/voxemu/emulator/internal/reference"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// AddScenarioParams are the parameters of AddScenario.
type AddScenarioParams struct {
	Name            string `param:"scenario_name"`
	Script          string `param:"scenario_script"`
	RuleID          int64  `param:"rule_id"`
	RuleName        string `param:"rule_name"`
	Rewrite         bool   `param:"rewrite"`
	ApplicationID   int64  `param:"application_id"`
	ApplicationName string `param:"application_name"`
}

// AddScenarioReply is the reply of AddScenario.
type AddScenarioReply struct {
	Result int   `json:"result"`
	ID     int64 `json:"scenario_id"`
}

// AddScenario stores a VoxEngine script, in an application or shared by all, and binds it
// to a rule if one is named. With rewrite it replaces the script with the same name in
// the same application, or among the shared ones.
func AddScenario(tx *store.Tx, caller vox.Principal, p AddScenarioParams) (AddScenarioReply, error) {
	application, err := reference.Application(p.ApplicationID, p.ApplicationName).Resolve(tx, caller.AccountID, 0)
	if err != nil {
		return AddScenarioReply{}, err
	}
	rule, err := reference.Rule(p.RuleID, p.RuleName).Resolve(tx, caller.AccountID, application)
	if err != nil {
		return AddScenarioReply{}, err
	}
	s := vox.Scenario{
		ID: store.NextID(tx, store.Scenarios), AccountID: caller.AccountID, ApplicationID: application,
		Name: p.Name, Script: p.Script, Modified: tx.Now(),
	}
	if p.Rewrite {
		place := append(store.ScenarioApplication.Is(application), store.ScenarioName.Is(p.Name)...)
		if same, ok := store.First(tx, store.Scenarios, caller.AccountID, place); ok {
			s.ID = same.ID
		}
	}
	if err := putScenario(tx, s); err != nil {
		return AddScenarioReply{}, err
	}
	return AddScenarioReply{Result: 1, ID: s.ID}, bindScenarios(tx, rule, s.ID)
}

// bindScenarios appends scripts to those of a rule, without duplicates; rule 0 is none.
func bindScenarios(tx *store.Tx, rule int64, scenarios ...int64) error {
	r, ok := store.Get(tx, store.Rules, rule)
	if !ok {
		return nil
	}
	r.ScenarioIDs = slices.Clone(r.ScenarioIDs)
	for _, id := range scenarios {
		if !slices.Contains(r.ScenarioIDs, id) {
			r.ScenarioIDs = append(r.ScenarioIDs, id)
		}
	}
	r.Modified = tx.Now()
	return store.Put(tx, store.Rules, r)
}

func unbindScenarios(tx *store.Tx, r vox.Rule, scenarios ...int64) error {
	r.ScenarioIDs = slices.DeleteFunc(slices.Clone(r.ScenarioIDs), func(id int64) bool { return slices.Contains(scenarios, id) })
	r.Modified = tx.Now()
	return store.Put(tx, store.Rules, r)
}
