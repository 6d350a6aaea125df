package applications

import (
	"cmp"

	"github.com/voxemu/voxemu/emulator/internal/reference"
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// SetScenarioInfoParams are the parameters of SetScenarioInfo.
type SetScenarioInfoParams struct {
	ID           int64  `param:"scenario_id"`
	RequiredName string `param:"required_scenario_name"`
	Name         string `param:"scenario_name"`
	Script       string `param:"scenario_script"`
}

// SetScenarioInfo sets the given values. Of several scripts with the name, which only a
// scenario file can contain, it changes the oldest (A63).
func SetScenarioInfo(tx *store.Tx, caller vox.Principal, p SetScenarioInfoParams) (reply.Done, error) {
	id, err := reference.Scenario(p.ID, p.RequiredName).By("required_scenario_name").Required(tx, caller.AccountID, 0)
	if err != nil {
		return reply.Done{}, err
	}
	s, _ := store.Get(tx, store.Scenarios, id)
	renamed := p.Name != "" && p.Name != s.Name
	s.Name = cmp.Or(p.Name, s.Name)
	s.Script = cmp.Or(p.Script, s.Script)
	s.Modified = tx.Now()
	if !renamed {
		return reply.OK(store.Put(tx, store.Scenarios, s))
	}
	return reply.OK(putScenario(tx, s))
}
