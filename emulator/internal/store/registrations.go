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
		on("sip_username", func(r *vox.Registration) (string, bool) { return r.SIPUsername, true }),
		on("proxy", func(r *vox.Registration) (string, bool) { return r.Proxy, true }),
		on("application_id", func(r *vox.Registration) (int64, bool) { return r.ApplicationID, r.ApplicationID != 0 }),
		on("rule_id", func(r *vox.Registration) (int64, bool) { return r.RuleID, r.RuleID != 0 }),
		unique("user_id", func(r *vox.Registration) (int64, bool) { return r.UserID, r.UserID != 0 }),
		on("status_code", func(r *vox.Registration) (int64, bool) { return r.StatusCode, r.StatusCode != 0 }),
		flag("successful", func(r *vox.Registration) (set, ok bool) { return r.State == vox.Successful, finished(r) }),
		flag("in_progress", func(r *vox.Registration) (set, ok bool) { return r.State == vox.InProgress, true }),
		flag("deactivated", func(r *vox.Registration) (set, ok bool) { return r.Deactivated, true }),
		flag("is_persistent", func(r *vox.Registration) (set, ok bool) { return !r.NonPersistent, true }),
		flag("is_bound_to_application", func(r *vox.Registration) (set, ok bool) { return r.ApplicationID != 0, true }),
	},
	moments: []moment[vox.Registration]{
		when("due", func(r *vox.Registration) time.Time { return r.Due }),
		when("renewal", renewal),
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
