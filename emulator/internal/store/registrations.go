package store

import (
	"time"

	"github.com/voxemu/voxemu/emulator/vox"
)

// registrations: one line makes a filter of GetSipRegistrations, together with
// the x-filter of its property in openapi.yaml; see [Filters].
var registrations = table[int64, vox.Registration]{
	tag: 6, name: "registrations",
	id:      func(r *vox.Registration) int64 { return r.ID },
	account: func(r *vox.Registration) int64 { return r.AccountID },
	indexes: []index[vox.Registration]{
		valueIndex("sip_username", func(r *vox.Registration) (string, bool) { return r.SIPUsername, true }),
		valueIndex("proxy", func(r *vox.Registration) (string, bool) { return r.Proxy, true }),
		valueIndex("application_id", func(r *vox.Registration) (int64, bool) { return r.ApplicationID, r.ApplicationID != 0 }),
		valueIndex("rule_id", func(r *vox.Registration) (int64, bool) { return r.RuleID, r.RuleID != 0 }),
		uniqueIndex("user_id", func(r *vox.Registration) (int64, bool) { return r.UserID, r.UserID != 0 }),
		valueIndex("status_code", func(r *vox.Registration) (int64, bool) { return r.StatusCode, r.StatusCode != 0 }),
		flagIndex("successful", func(r *vox.Registration) (set, ok bool) { return r.State == vox.Successful, finished(r) }),
		flagIndex("in_progress", func(r *vox.Registration) (set, ok bool) { return r.State == vox.InProgress, true }),
		flagIndex("deactivated", func(r *vox.Registration) (set, ok bool) { return r.Deactivated, true }),
		flagIndex("is_persistent", func(r *vox.Registration) (set, ok bool) { return !r.NonPersistent, true }),
		flagIndex("is_bound_to_application", func(r *vox.Registration) (set, ok bool) { return r.ApplicationID != 0, true }),
	},
	due: []dueIndex[vox.Registration]{
		{"due", func(r *vox.Registration) time.Time { return r.Due }},
		{"renewal", renewal},
	},
}

// finished: the PBX has answered, one way or the other (A27).
func finished(r *vox.Registration) bool {
	return r.State == vox.Successful || r.State == vox.Failed
}

// renewal is when money decides next: the renewal, or, of a frozen subscription,
// its removal.
func renewal(r *vox.Registration) time.Time {
	if r.Deactivated {
		return r.DetachDate
	}
	return r.NextRenewal
}

// Registrations are the SIP registrations.
func Registrations(tx *Tx) Rows[int64, vox.Registration] {
	return Rows[int64, vox.Registration]{tx, &registrations}
}
