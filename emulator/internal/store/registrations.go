package store

import (
	"time"

	"github.com/voxemu/voxemu/emulator/vox"
)

// registrations is the table of SIP registrations. A filter of GetSipRegistrations needs
// a line here, and an x-filter at its property in openapi.yaml; see [Filters].
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

// finished reports whether the PBX has answered, successfully or not (A27).
func finished(r *vox.Registration) bool {
	return r.State == vox.Successful || r.State == vox.Failed
}

// renewal returns the time of the renewal or, for a frozen subscription, of its removal.
func renewal(r *vox.Registration) time.Time {
	if r.Deactivated {
		return r.DetachDate
	}
	return r.NextRenewal
}

// Registrations returns the SIP registrations.
func Registrations(tx *Tx) Rows[int64, vox.Registration] {
	return Rows[int64, vox.Registration]{tx, &registrations}
}
