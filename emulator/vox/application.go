package vox

import "time"

// Application groups rules, scenarios and users; calls are routed to it.
type Application struct {
	// ID identifies the application (application_id); required, positive.
	ID int64 `yaml:"id" jsonschema:"required"`
	// AccountID is the owner; default: the only account of its file.
	AccountID int64 `yaml:"account_id,omitempty"`
	// Name is the short name, unique in the account; replies carry the full
	// one, see [Application.FullName].
	Name string `yaml:"name" jsonschema:"required"`
	// SecureRecordStorage tells that logs and records are stored securely
	// (secure_record_storage); default false.
	SecureRecordStorage bool `yaml:"secure_record_storage,omitempty"`
	// Modified is when the application was changed last; default: the moment of
	// loading.
	Modified time.Time `yaml:"modified,omitempty"`
}

// FullName is the name that replies carry: app.account.voximplant.com
// (docs/evidence.md#registration-fields).
func (a Application) FullName(account string) string {
	return a.Name + "." + account + ".voximplant.com"
}

// Rule routes an application's calls by a pattern to scenarios.
type Rule struct {
	// ID identifies the rule (rule_id); required, positive.
	ID int64 `yaml:"id" jsonschema:"required"`
	// AccountID is the owner; default: the application's account.
	AccountID int64 `yaml:"account_id,omitempty"`
	// ApplicationID is the application the rule belongs to; required.
	ApplicationID int64 `yaml:"application_id" jsonschema:"required"`
	// Name is unique in the application.
	Name string `yaml:"name" jsonschema:"required"`
	// Pattern is the regular expression on the called number; default ".*".
	Pattern string `yaml:"pattern,omitempty"`
	// PatternExclude is the regular expression on numbers that the rule leaves
	// to later ones; empty: none.
	PatternExclude string `yaml:"pattern_exclude,omitempty"`
	// VideoConference tells that the rule starts a video conference.
	VideoConference bool `yaml:"video_conference,omitempty"`
	// ScenarioIDs are the scenarios that the rule runs, in their order.
	ScenarioIDs []int64 `yaml:"scenario_ids,omitempty"`
	// Order is the rule's place in its application: rules are tried by order,
	// then by id; default 0.
	Order int64 `yaml:"order,omitempty"`
	// Modified is when the rule was changed last; default: the moment of
	// loading.
	Modified time.Time `yaml:"modified,omitempty"`
}

// Shared stands for an application where a scenario belongs to none: all
// applications of the account may use it.
const Shared int64 = 0

// Scenario is a VoxEngine script. It is stored and never run. (A scenario file,
// which seeds the emulator, is another thing: see package scenarios.)
type Scenario struct {
	// ID identifies the scenario (scenario_id); required, positive.
	ID int64 `yaml:"id" jsonschema:"required"`
	// AccountID is the owner; default: the application's account, or the only
	// account of its file.
	AccountID int64 `yaml:"account_id,omitempty"`
	// ApplicationID is the application it belongs to; default: [Shared].
	ApplicationID int64 `yaml:"application_id,omitempty"`
	// Name is unique in the application, or among the shared ones.
	Name string `yaml:"name" jsonschema:"required"`
	// Script is the text of the program.
	Script string `yaml:"script,omitempty"`
	// Modified is when the scenario was changed last; default: the moment of
	// loading.
	Modified time.Time `yaml:"modified,omitempty"`
}
