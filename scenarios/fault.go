package scenarios

import (
	"errors"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/vox"
)

// checkFault uses the checks of package fault, which arming the rule uses too.
func (d *draft) checkFault(c checker, rule *fault.Rule) {
	var found vox.Mistakes
	errors.As(d.known.Check(*rule), &found)
	for _, mistake := range found {
		c.refuse(mistake.Place, "%s", mistake.Message)
	}
}
