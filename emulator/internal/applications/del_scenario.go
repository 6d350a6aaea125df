package applications

import (
	"slices"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/reference"
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// DelScenarioParams are the parameters of DelScenario.
type DelScenarioParams struct {
	ID   query.Selection `param:"scenario_id"`
	Name []string        `param:"scenario_name"`
}

// DelScenario deletes VoxEngine scripts and removes them from rules. A name refers to all
// scripts with that name (A63).
func DelScenario(tx *store.Tx, caller vox.Principal, p DelScenarioParams) (reply.Done, error) {
	ids, err := reference.Scenarios(p.ID, p.Name).Required(tx, caller.AccountID, nil)
	if err != nil {
		return reply.Done{}, err
	}
	for _, r := range store.Select(tx, store.Rules, caller.AccountID, nil, query.All()) {
		if !slices.ContainsFunc(r.ScenarioIDs, func(id int64) bool { return slices.Contains(ids, id) }) {
			continue
		}
		if err := unbindScenarios(tx, r, ids...); err != nil {
			return reply.Done{}, err
		}
	}
	for _, id := range ids {
		store.Delete(tx, store.Scenarios, id)
	}
	return reply.OK(nil)
}
