package lab

import (
	"cmp"
	"sort"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// DueEvent is something that will happen by itself.
type DueEvent struct {
	At time.Time `json:"at"`
	// What is answer (of a registrar), renewal, removal (of a frozen registration) or
	// callback (an attempt to deliver one).
	What           string `json:"what"`
	AccountID      int64  `json:"account_id"`
	RegistrationID int64  `json:"registration_id,omitempty"`
	CallbackID     int64  `json:"callback_id,omitempty"`
}

// Due are events up to a time, the earliest first.
type Due struct {
	Events []DueEvent `json:"events"`
	// More is the number of later events until then that are not listed.
	More int `json:"more"`
}

// maxDue is the maximum number of listed events.
const maxDue = 200

// DueUntil returns what will happen until a time if nothing else does: for each row its
// next event, and renewals month by month. Zero: only the next event. It reads only the
// rows with an event until then.
func (l *Lab) DueUntil(until time.Time) Due {
	var all []DueEvent
	listed := maxDue
	_ = l.read(func(tx *store.Tx) error { // the function never fails
		if until.IsZero() {
			until, listed = nextEvent(tx), 1
		}
		all = dueUntil(tx, until)
		return nil
	})
	sort.SliceStable(all, func(i, j int) bool {
		a, b := all[i], all[j]
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.CallbackID, b.CallbackID), cmp.Compare(a.RegistrationID, b.RegistrationID)) < 0
	})
	due := Due{Events: append([]DueEvent{}, all[:min(len(all), listed)]...)}
	if listed > 1 {
		due.More = len(all) - len(due.Events)
	}
	return due
}

// nextEvent returns the time of the earliest event; zero: there is none.
func nextEvent(tx *store.Tx) (next time.Time) {
	_, answer, _ := store.Earliest(tx, store.Registrations, store.RegistrationDue)
	_, renewal, _ := store.Earliest(tx, store.Registrations, store.RegistrationRenewal)
	_, attempt, _ := store.Earliest(tx, store.Callbacks, store.CallbackAttempt)
	for _, at := range []time.Time{answer, renewal, attempt} {
		if next.IsZero() || !at.IsZero() && at.Before(next) {
			next = at
		}
	}
	return next
}

// dueUntil returns the events, answers before renewals.
func dueUntil(tx *store.Tx, until time.Time) (all []DueEvent) {
	add := func(r vox.Registration, at time.Time, what string) {
		all = append(all, DueEvent{At: at, What: what, AccountID: r.AccountID, RegistrationID: r.ID})
	}
	for r := range store.Until(tx, store.Registrations, store.RegistrationDue, until) {
		add(r, r.Due, "answer")
	}
	for r := range store.Until(tx, store.Registrations, store.RegistrationRenewal, until) {
		if r.Deactivated {
			add(r, r.DetachDate, "removal")
			continue
		}
		for n, at := 0, r.NextRenewal; n < maxDue && !at.After(until); n, at = n+1, vox.Following(at, r.RenewalDay) {
			add(r, at, "renewal")
		}
	}
	for c := range store.Until(tx, store.Callbacks, store.CallbackAttempt, until) {
		all = append(all, DueEvent{At: c.NextAttempt, What: "callback", AccountID: c.AccountID, CallbackID: c.ID})
	}
	return all
}
