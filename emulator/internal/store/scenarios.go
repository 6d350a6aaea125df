package store

import "github.com/voxemu/voxemu/emulator/vox"

// Scenarios are the VoxEngine scripts; those of [vox.Shared] belong to no
// application.
var Scenarios = newTable("voxengine_scenarios",
	func(s *vox.Scenario) int64 { return s.ID },
	func(s *vox.Scenario) int64 { return s.AccountID },
	ScenarioApplication,
	ScenarioName,
	uniqueIndex("application_id/name", func(s *vox.Scenario) (string, bool) { return inApplication(s.ApplicationID, s.Name), true }),
)

// ScenarioApplication is the index of VoxEngine scripts on their applications.
var ScenarioApplication = valueIndex("application_id", func(s *vox.Scenario) (int64, bool) { return s.ApplicationID, true })

// ScenarioName is the index of VoxEngine scripts on their names.
var ScenarioName = valueIndex("name", func(s *vox.Scenario) (string, bool) { return s.Name, true })
