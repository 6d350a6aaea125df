package scenarios

import "github.com/voxemu/voxemu/emulator/vox"

func (d *draft) checkRule(c checker, r *vox.Rule) {
	c.text("name", r.Name, true)
	c.within(r.ApplicationID, r.AccountID)
	seen := map[int64]bool{}
	for _, id := range r.ScenarioIDs {
		s, ok := find[vox.Scenario](d, id)
		switch {
		case !ok && d.torn:
		case !ok || s.AccountID != r.AccountID:
			c.refuse("scenario_ids", "there is no %d in voxengine_scenarios of this account", id)
		case s.ApplicationID != vox.Shared && s.ApplicationID != r.ApplicationID:
			c.refuse("scenario_ids", "%d belongs to application %d", id, s.ApplicationID)
		case seen[id]:
			c.refuse("scenario_ids", "%d is given twice", id)
		}
		seen[id] = true
	}
}
