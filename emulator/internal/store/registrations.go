package store

import (
	"time"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Registrations are the SIP registrations. A filter of GetSipRegistrations needs a line
// here, and an x-filter at its property in openapi.yaml; see [Filters].
var Registrations = newTable("registrations",
	func(r *vox.Registration) int64 { return r.ID },
	func(r *vox.Registration) int64 { return r.AccountID },
	valueIndex("sip_username", func(r *vox.Registration) (string, bool) { return r.SIPUsername, true }),
	valueIndex("proxy", func(r *vox.Registration) (string, bool) { return r.Proxy, true }),
	RegistrationApplication,
	RegistrationRule,
	RegistrationUser,
	valueIndex("status_code", func(r *vox.Registration) (int64, bool) { return r.StatusCode, r.StatusCode != 0 }),
	RegistrationSuccessful,
	RegistrationInProgress,
	RegistrationDeactivated,
	flagIndex("is_persistent", func(r *vox.Registration) (set, ok bool) { return !r.NonPersistent, true }),
	flagIndex("is_bound_to_application", func(r *vox.Registration) (set, ok bool) { return r.ApplicationID != 0, true }),
	RegistrationDue,
	RegistrationRenewal,
)

// RegistrationApplication is the index of registrations on the application they are bound to.
var RegistrationApplication = valueIndex("application_id", func(r *vox.Registration) (int64, bool) { return r.ApplicationID, r.ApplicationID != 0 })

// RegistrationRule is the index of registrations on the rule they are bound to.
var RegistrationRule = valueIndex("rule_id", func(r *vox.Registration) (int64, bool) { return r.RuleID, r.RuleID != 0 })

// RegistrationUser is the index of registrations on the user they are bound to.
var RegistrationUser = uniqueIndex("user_id", func(r *vox.Registration) (int64, bool) { return r.UserID, r.UserID != 0 })

// RegistrationSuccessful is the flag of registrations that the registrar accepted; those
// that it refused have it unset.
var RegistrationSuccessful = flagIndex("successful", func(r *vox.Registration) (set, ok bool) { return r.State == vox.Successful, finished(r) })

// RegistrationInProgress is the flag of registrations that the registrar has not answered.
var RegistrationInProgress = flagIndex("in_progress", func(r *vox.Registration) (set, ok bool) { return r.State == vox.InProgress, true })

// RegistrationDeactivated is the flag of frozen registrations.
var RegistrationDeactivated = flagIndex("deactivated", func(r *vox.Registration) (set, ok bool) { return r.Deactivated, true })

// RegistrationDue is the index of registrations on the next answer of the registrar.
var RegistrationDue = dueIndex("due", func(r *vox.Registration) time.Time { return r.Due })

// RegistrationRenewal is the index of registrations on their renewals.
var RegistrationRenewal = dueIndex("renewal", renewal)

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
