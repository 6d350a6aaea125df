package applications

import (
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// ApplicationRow is an application in replies (docs/evidence.md#applications).
type ApplicationRow struct {
	ID                  int64     `json:"application_id"`
	Name                string    `json:"application_name"` // the full one, A17
	Modified            string    `json:"modified"`         // UTC
	SecureRecordStorage bool      `json:"secure_record_storage"`
	Rules               []RuleRow `json:"rules,omitzero"` // when asked for
}

// RuleRow is a rule in replies (docs/evidence.md#rules).
type RuleRow struct {
	ID              int64         `json:"rule_id"`
	ApplicationID   int64         `json:"application_id"`
	Name            string        `json:"rule_name"`
	Pattern         string        `json:"rule_pattern"`
	PatternExclude  string        `json:"rule_pattern_exclude,omitempty"`
	VideoConference bool          `json:"video_conference"`
	Scenarios       []ScenarioRow `json:"scenarios,omitzero"` // when asked for
	Modified        string        `json:"modified"`           // UTC
}

// ScenarioRow is a VoxEngine script in replies (docs/evidence.md#voxengine-scripts).
type ScenarioRow struct {
	ID       int64  `json:"scenario_id"`
	Name     string `json:"scenario_name"`
	Script   string `json:"scenario_script,omitempty"` // when asked for
	Parent   bool   `json:"parent"`                    // always false, A62
	Modified string `json:"modified"`                  // UTC
}

func applicationRow(tx *store.Tx, a vox.Application) ApplicationRow {
	owner, _ := store.Get(tx, store.Accounts, a.AccountID)
	return ApplicationRow{
		ID: a.ID, Name: a.FullName(owner.Name), Modified: reply.Time(a.Modified),
		SecureRecordStorage: a.SecureRecordStorage,
	}
}

func ruleRow(tx *store.Tx, withScenarios bool) func(vox.Rule) RuleRow {
	return func(r vox.Rule) RuleRow {
		row := RuleRow{
			ID: r.ID, ApplicationID: r.ApplicationID, Name: r.Name, Pattern: r.Pattern,
			PatternExclude: r.PatternExclude, VideoConference: r.VideoConference, Modified: reply.Time(r.Modified),
		}
		if withScenarios {
			row.Scenarios = reply.Rows(r.ScenarioIDs, func(id int64) ScenarioRow {
				s, _ := store.Get(tx, store.Scenarios, id)
				return scenarioRow(s)
			})
		}
		return row
	}
}

func scenarioRow(s vox.Scenario) ScenarioRow {
	return ScenarioRow{ID: s.ID, Name: s.Name, Modified: reply.Time(s.Modified)}
}
