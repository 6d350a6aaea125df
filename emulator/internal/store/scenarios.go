package store

import "github.com/voxemu/voxemu/emulator/vox"

var scenarios = table[int64, vox.Scenario]{
	tag: 20, name: "voxengine_scenarios",
	id:      func(s *vox.Scenario) int64 { return s.ID },
	account: func(s *vox.Scenario) int64 { return s.AccountID },
	indexes: []index[vox.Scenario]{
		valueIndex("application_id", func(s *vox.Scenario) (int64, bool) { return s.ApplicationID, true }),
		valueIndex("name", func(s *vox.Scenario) (string, bool) { return s.Name, true }),
		uniqueIndex("application_id/name", func(s *vox.Scenario) (string, bool) { return inApplication(s.ApplicationID, s.Name), true }),
	},
}

// Scenarios returns the VoxEngine scripts; those of [vox.Shared] belong to no
// application.
func Scenarios(tx *Tx) Rows[int64, vox.Scenario] { return Rows[int64, vox.Scenario]{tx, &scenarios} }
