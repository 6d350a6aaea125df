package lab

import (
	"slices"
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
// next event, and renewals month by month. Zero: only the next event.
func (l *Lab) DueUntil(until time.Time) Due {
	var all []DueEvent
	_ = l.read(func(tx *store.Tx) error { // the function never fails
		for r := range store.Registrations(tx).All() {
			all = appendDue(all, r, until)
		}
		for c := range store.Callbacks(tx).All() {
			if !c.State.Final() && !c.NextAttempt.IsZero() {
				all = append(all, DueEvent{At: c.NextAttempt, What: "callback", AccountID: c.AccountID, CallbackID: c.ID})
			}
		}
		return nil
	})
	slices.SortStableFunc(all, func(a, b DueEvent) int { return a.At.Compare(b.At) })
	if until.IsZero() {
		return Due{Events: append([]DueEvent{}, all[:min(1, len(all))]...)}
	}
	all = slices.DeleteFunc(all, func(e DueEvent) bool { return e.At.After(until) })
	listed := min(len(all), maxDue)
	return Due{Events: append([]DueEvent{}, all[:listed]...), More: len(all) - listed}
}

func appendDue(all []DueEvent, r vox.Registration, until time.Time) []DueEvent {
	add := func(at time.Time, what string) {
		if !at.IsZero() {
			all = append(all, DueEvent{At: at, What: what, AccountID: r.AccountID, RegistrationID: r.ID})
		}
	}
	add(r.Due, "answer")
	if r.Deactivated {
		add(r.DetachDate, "removal")
		return all
	}
	add(r.NextRenewal, "renewal")
	for n, at := 1, r.NextRenewal; n < maxDue && !at.IsZero(); n++ {
		if at = vox.Following(at, r.RenewalDay); at.After(until) {
			break
		}
		add(at, "renewal")
	}
	return all
}
