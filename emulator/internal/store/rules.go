package store

import "github.com/voxemu/voxemu/emulator/vox"

// Rules are the rules of applications.
var Rules = newTable("rules",
	func(r *vox.Rule) int64 { return r.ID },
	func(r *vox.Rule) int64 { return r.AccountID },
	RuleApplication,
	RuleName,
	uniqueIndex("application_id/name", func(r *vox.Rule) (string, bool) { return inApplication(r.ApplicationID, r.Name), true }),
	flagIndex("video_conference", func(r *vox.Rule) (set, ok bool) { return r.VideoConference, true }),
)

// RuleApplication is the index of rules on their applications.
var RuleApplication = valueIndex("application_id", func(r *vox.Rule) (int64, bool) { return r.ApplicationID, true })

// RuleName is the index of rules on their names.
var RuleName = valueIndex("name", func(r *vox.Rule) (string, bool) { return r.Name, true })
