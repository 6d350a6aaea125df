package applications

import (
	"slices"

	"github.com/voxemu/voxemu/emulator/internal/query"
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

// AddScenario stores a scenario, in an application or shared by all, and binds
// it to a rule when one is named. With rewrite it takes the place of the one
// with its name.
func AddScenario(tx *store.Tx, caller vox.Principal, p AddScenarioParams) (AddScenarioReply, error) {
	application, err := reference.One{Kind: reference.Applications(), ID: p.ApplicationID, Name: p.ApplicationName}.Resolve(tx, caller.AccountID, 0)
	if err != nil {
		return AddScenarioReply{}, err
	}
	rule, err := reference.One{Kind: reference.Rules(), ID: p.RuleID, Name: p.RuleName}.Resolve(tx, caller.AccountID, application)
	if err != nil {
		return AddScenarioReply{}, err
	}
	s := vox.Scenario{
		ID: store.Scenarios(tx).NextID(), AccountID: caller.AccountID, ApplicationID: application,
		Name: p.Name, Script: p.Script, Modified: tx.Now(),
	}
	if p.Rewrite {
		if s.ID, err = rewritten(tx, s); err != nil {
			return AddScenarioReply{}, err
		}
	}
	if err := putScenario(tx, s); err != nil {
		return AddScenarioReply{}, err
	}
	return AddScenarioReply{Result: 1, ID: s.ID}, addTo(tx, rule, s.ID)
}

// namesakes are the scenarios with the same name in the same place: none or one.
func namesakes(tx *store.Tx, s vox.Scenario) ([]vox.Scenario, error) {
	where := []query.Match{query.Is("application_id", s.ApplicationID), query.Is("name", s.Name)}
	return store.Scenarios(tx).Select(s.AccountID, where, query.All())
}

// rewritten is the id of the scenario that s takes the place of, or its own.
func rewritten(tx *store.Tx, s vox.Scenario) (int64, error) {
	same, err := namesakes(tx, s)
	if err != nil || len(same) == 0 {
		return s.ID, err
	}
	return same[0].ID, nil
}

// putScenario refuses a name that another scenario in the same place has.
func putScenario(tx *store.Tx, s vox.Scenario) error {
	same, err := namesakes(tx, s)
	if err != nil {
		return err
	}
	if len(same) > 0 && same[0].ID != s.ID {
		return vox.ErrScenarioNotUnique.On("scenario_name")
	}
	return store.Scenarios(tx).Put(s)
}

// addTo appends scenarios to what a rule runs, each once; rule 0 is none.
func addTo(tx *store.Tx, rule int64, scenarios ...int64) error {
	r, ok := store.Rules(tx).Get(rule)
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
	return store.Rules(tx).Put(r)
}

// removeFrom takes scenarios from what a rule runs.
func removeFrom(tx *store.Tx, r vox.Rule, scenarios ...int64) error {
	r.ScenarioIDs = slices.DeleteFunc(slices.Clone(r.ScenarioIDs), func(id int64) bool { return slices.Contains(scenarios, id) })
	r.Modified = tx.Now()
	return store.Rules(tx).Put(r)
}
