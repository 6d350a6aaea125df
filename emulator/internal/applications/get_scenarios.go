package applications

import (
	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/reference"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// GetScenariosParams are the parameters of GetScenarios.
type GetScenariosParams struct {
	ID              int64  `param:"scenario_id"`
	Name            string `param:"scenario_name"`
	WithScript      bool   `param:"with_script"`
	ApplicationID   int64  `param:"application_id"`
	ApplicationName string `param:"application_name"`
	Page
}

// GetScenariosReply is the reply of GetScenarios; the application's members are
// there when one was named (facts.md §7).
type GetScenariosReply struct {
	Result []ScenarioRow `json:"result"`
	Counts
	ApplicationID           int64  `json:"application_id,omitempty"`
	ApplicationName         string `json:"application_name,omitempty"`          // the short one, A62
	ExtendedApplicationName string `json:"extended_application_name,omitempty"` // A62
}

// GetScenarios lists the account's scenarios, by ascending id; with an
// application, those of its own only (A61). The text comes with a single
// scenario, by id.
func GetScenarios(tx *store.Tx, caller vox.Principal, p GetScenariosParams) (GetScenariosReply, error) {
	within := reference.One{Kind: reference.Applications(), ID: p.ApplicationID, Name: p.ApplicationName}
	application, err := within.Resolve(tx, caller.AccountID, 0)
	if err != nil {
		return GetScenariosReply{}, err
	}
	var list listing[vox.Scenario]
	if application != 0 {
		list.where = append(list.where, query.Is("application_id", application))
	}
	if p.ID != 0 {
		list.where = append(list.where, query.Is("id", p.ID))
	}
	if p.Name != "" {
		list.passes = func(s vox.Scenario) bool { return contains(s.Name, p.Name) }
	}
	found, counts, err := list.read(store.Scenarios(tx), caller.AccountID, p.Page)
	reply := GetScenariosReply{Result: make([]ScenarioRow, len(found)), Counts: counts}
	for i, s := range found {
		reply.Result[i] = scenarioRow(s)
		if p.WithScript && p.ID != 0 {
			reply.Result[i].Script = s.Script
		}
	}
	if a, ok := store.Applications(tx).Get(application); ok {
		reply.ApplicationID, reply.ApplicationName = a.ID, a.Name
		reply.ExtendedApplicationName = a.Name + "@n1.voximplant.com"
	}
	return reply, err
}
