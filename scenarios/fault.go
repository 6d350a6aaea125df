package scenarios

import (
	"errors"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/vox"
)

func (d *draft) faultTable() table[string, fault.Rule] {
	return table[string, fault.Rule]{
		name:    "faults",
		list:    func(s *Scenario) *[]fault.Rule { return &s.Faults },
		id:      func(r fault.Rule) string { return r.Name },
		judge:   d.checkFault,
		inOrder: true,
	}
}

// checkFault leaves the judgement to package fault, which arms the rule later
// on.
func (d *draft) checkFault(c checker, rule *fault.Rule) {
	var found vox.Mistakes
	errors.As(d.known.Check(*rule), &found)
	for _, mistake := range found {
		c.refuse(mistake.Place, "%s", mistake.Message)
	}
}
