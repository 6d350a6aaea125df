package vox

import "time"

// Application groups rules, scenarios and users; calls are routed to it.
type Application struct {
	// ID is application_id; required, positive.
	ID int64 `yaml:"id" jsonschema:"required"`
	// AccountID is the owner; default: the only account of the file.
	AccountID int64 `yaml:"account_id,omitempty"`
	// Name is the short name, unique in the account. Replies contain the full name, see
	// [Application.FullName].
	Name string `yaml:"name" jsonschema:"required"`
	// SecureRecordStorage reports whether logs and records are stored securely
	// (secure_record_storage); default false.
	SecureRecordStorage bool `yaml:"secure_record_storage,omitempty"`
	// Modified is the time of the last change; default: the time of loading.
	Modified time.Time `yaml:"modified,omitempty"`
}

// FullName returns the name that replies contain: app.account.voximplant.com
// (docs/evidence.md#registration-fields).
func (a Application) FullName(account string) string {
	return a.Name + "." + account + ".voximplant.com"
}

// Rule selects by the called number which VoxEngine scripts of an application run.
type Rule struct {
	// ID is rule_id; required, positive.
	ID int64 `yaml:"id" jsonschema:"required"`
	// AccountID is the owner; default: the application's account.
	AccountID int64 `yaml:"account_id,omitempty"`
	// ApplicationID is the application of the rule; required.
	ApplicationID int64 `yaml:"application_id" jsonschema:"required"`
	// Name is unique in the application.
	Name string `yaml:"name" jsonschema:"required"`
	// Pattern is a regular expression for the called number; default ".*".
	Pattern string `yaml:"pattern,omitempty"`
	// PatternExclude is a regular expression for called numbers that the rule skips;
	// empty: none.
	PatternExclude string `yaml:"pattern_exclude,omitempty"`
	// VideoConference reports whether the rule starts a video conference; default false.
	VideoConference bool `yaml:"video_conference,omitempty"`
	// ScenarioIDs are the VoxEngine scripts that the rule runs, in this order.
	ScenarioIDs []int64 `yaml:"scenario_ids,omitempty"`
	// Order is the position of the rule in its application. Rules are tried by order,
	// then by id; default 0.
	Order int64 `yaml:"order,omitempty"`
	// Modified is the time of the last change; default: the time of loading.
	Modified time.Time `yaml:"modified,omitempty"`
}

// Shared is the ApplicationID of a [Scenario] that belongs to no application: every
// application of the account may use it.
const Shared int64 = 0

// Scenario is a VoxEngine script. The emulator stores it and never runs it. Scenario
// files, which seed the emulator, are unrelated: see package scenarios.
type Scenario struct {
	// ID is scenario_id; required, positive.
	ID int64 `yaml:"id" jsonschema:"required"`
	// AccountID is the owner; default: the application's account, or the only account of
	// the file.
	AccountID int64 `yaml:"account_id,omitempty"`
	// ApplicationID is the application of the script; default 0: every application of the
	// account may use it, see [Shared].
	ApplicationID int64 `yaml:"application_id,omitempty"`
	// Name is unique in the application, or among the shared scripts.
	Name string `yaml:"name" jsonschema:"required"`
	// Script is the JavaScript source.
	Script string `yaml:"script,omitempty"`
	// Modified is the time of the last change; default: the time of loading.
	Modified time.Time `yaml:"modified,omitempty"`
}
