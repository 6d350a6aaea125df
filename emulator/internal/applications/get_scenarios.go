package applications

import (
	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/reference"
	"github.com/voxemu/voxemu/emulator/internal/reply"
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
	query.Page
}

// GetScenariosReply is the reply of GetScenarios. The application's members are included
// if one was named (docs/evidence.md#voxengine-scripts).
type GetScenariosReply struct {
	reply.List[ScenarioRow]
	ApplicationID           int64  `json:"application_id,omitempty"`
	ApplicationName         string `json:"application_name,omitempty"`          // the short one, A62
	ExtendedApplicationName string `json:"extended_application_name,omitempty"` // A62
}

// GetScenarios lists the account's VoxEngine scripts by ascending id; with an
// application, only its own ones. The script text is included for a single script,
// selected by id (docs/evidence.md#voxengine-scripts).
func GetScenarios(tx *store.Tx, caller vox.Principal, p GetScenariosParams) (GetScenariosReply, error) {
	application, err := reference.Application(p.ApplicationID, p.ApplicationName).Resolve(tx, caller.AccountID, 0)
	if err != nil {
		return GetScenariosReply{}, err
	}
	var list reply.Listing[vox.Scenario]
	if application != 0 {
		list.Where = append(list.Where, store.ScenarioApplication.Is(application)...)
	}
	if p.ID != 0 {
		list.Where = append(list.Where, store.ByID[vox.Scenario](p.ID)...)
	}
	switch {
	case p.Name == "":
	case tx.Settings().Behaviour.ScenarioNameFilter == vox.ScenarioNameFilterPart:
		list.Keep = func(s vox.Scenario) bool { return reply.Contains(s.Name, p.Name) }
	default:
		list.Where = append(list.Where, store.ScenarioName.Is(p.Name)...)
	}
	found, counts := list.Page(tx, store.Scenarios, caller.AccountID, p.Page)
	scenarios := GetScenariosReply{List: reply.NewList(found, counts, func(s vox.Scenario) ScenarioRow {
		row := scenarioRow(s)
		if p.WithScript && p.ID != 0 {
			row.Script = s.Script
		}
		return row
	})}
	if a, ok := store.Get(tx, store.Applications, application); ok {
		scenarios.ApplicationID, scenarios.ApplicationName = a.ID, a.Name
		scenarios.ExtendedApplicationName = a.Name + "@n1.voximplant.com"
	}
	return scenarios, nil
}
