package scenarios

import (
	"cmp"
	"fmt"

	"github.com/voxemu/voxemu/emulator/vox"
)

// scenarioTable is the section of the service's scenarios, not of files such as
// this package reads.
func (d *draft) scenarioTable() table[int64, vox.Scenario] {
	return table[int64, vox.Scenario]{
		name:  "voxengine_scenarios",
		list:  func(s *Scenario) *[]vox.Scenario { return &s.VoxEngineScenarios },
		id:    func(v vox.Scenario) int64 { return v.ID },
		owner: func(v *vox.Scenario) *int64 { return &v.AccountID },
		fill: func(v *vox.Scenario, _ place) {
			v.AccountID = cmp.Or(v.AccountID, d.ownerOf(v.ApplicationID))
		},
		judge: func(c checker, v *vox.Scenario) {
			c.text("name", v.Name, true)
			c.member(v.ApplicationID, v.AccountID)
		},
		unique: []uniqueness[vox.Scenario]{
			{"name", func(v vox.Scenario) string { return fmt.Sprint(v.AccountID, " ", v.ApplicationID, " ", v.Name) }},
		},
	}
}
