package scenarios

import (
	"cmp"
	"fmt"

	"github.com/voxemu/voxemu/emulator/vox"
)

func (d *draft) ruleTable() table[int64, vox.Rule] {
	return table[int64, vox.Rule]{
		name: "rules",
		list: func(s *Scenario) *[]vox.Rule { return &s.Rules },
		id:   func(r vox.Rule) int64 { return r.ID },
		fill: func(r *vox.Rule, _ place) {
			r.AccountID = cmp.Or(r.AccountID, d.ownerOf(r.ApplicationID))
			r.Pattern = cmp.Or(r.Pattern, ".*")
		},
		judge: d.checkRule,
		unique: []uniqueness[vox.Rule]{
			{"name", func(r vox.Rule) string { return fmt.Sprint(r.ApplicationID, " ", r.Name) }},
		},
	}
}

func (d *draft) checkRule(c checker, r *vox.Rule) {
	c.text("name", r.Name, true)
	c.within(r.ApplicationID, r.AccountID)
	seen := map[int64]bool{}
	for _, id := range r.ScenarioIDs {
		s, ok := d.scenarios.rows[id]
		switch {
		case !ok || s.AccountID != r.AccountID:
			c.refuse("scenario_ids", "there is no %d in voxengine_scenarios of this account", id)
		case s.ApplicationID != vox.Shared && s.ApplicationID != r.ApplicationID:
			c.refuse("scenario_ids", "%d belongs to application %d", id, s.ApplicationID)
		case seen[id]:
			c.refuse("scenario_ids", "%d stands twice", id)
		}
		seen[id] = true
	}
}
