package sipreg

import (
	"slices"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/registrar"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// The life of a registration: start → in progress → the registrar answers (applyAnswer) →
// successful or failed → the platform tries again and the registrar answers again. Frozen
// registrations, and non-persistent ones without a logged-in user, are offline instead.
//
// Answers without effect are not simulated. A platform refreshes a registration about
// every hour, which is 8,760 events a year. If the answer is the same as before, then
// state, status, message and last_updated do not change (A33). All future answers are
// known, because they are a pure function of the settings and the row (see package registrar). A
// registration therefore has a next event only if a different answer is still to come.
// Otherwise it costs no time, however far the clock is moved.

// start begins an attempt to register: in progress without status until the registrar
// answers (A15), or offline if the registration must not register.
func start(tx *store.Tx, r *vox.Registration) {
	before := *r
	r.State, r.StatusCode, r.ErrorMessage = vox.Offline, 0, ""
	r.Due, r.Answers = time.Time{}, 0
	if registers(tx, r) {
		r.State = vox.InProgress
		if delay, known := registrar.Of(tx.Settings().Registrar, r).Delay(); known {
			r.Due = tx.Now().Add(delay)
			answerAtOnce(tx, r)
		}
	}
	date(tx, before, r)
}

// answerAtOnce runs an answer without delay right after this transaction, unless an
// overdue renewal must run first.
func answerAtOnce(tx *store.Tx, r *vox.Registration) {
	if r.Due.After(tx.Now()) || !r.NextRenewal.IsZero() && r.NextRenewal.Before(tx.Now()) {
		return
	}
	id := r.ID
	tx.Then(func(tx *store.Tx) error {
		if r, ok := store.Get(tx, store.Registrations, id); ok && r.Due.Equal(tx.Now()) {
			return applyNext(tx, r)
		}
		return nil // another answer was applied first
	})
}

// registers reports whether the registrar is asked: not for frozen registrations (A34),
// and for non-persistent ones only while their user is logged in
// (docs/evidence.md#persistence, A31).
func registers(tx *store.Tx, r *vox.Registration) bool {
	if r.Deactivated || !r.NonPersistent {
		return !r.Deactivated
	}
	user, bound := store.Get(tx, store.Users, r.UserID)
	return bound && user.LoggedIn
}

// followUser restarts a non-persistent registration if its user changed (A31); before is
// the previous user.
func followUser(tx *store.Tx, r *vox.Registration, before int64) {
	if r.NonPersistent && r.UserID != before {
		start(tx, r)
	}
}

// StartNew starts the registrations without a state, by id, as if they were just created.
func StartNew(tx *store.Tx, registrations []vox.Registration) error {
	ids := make([]int64, len(registrations))
	for i, r := range registrations {
		ids[i] = r.ID
	}
	slices.Sort(ids)
	for _, id := range ids {
		r, ok := store.Get(tx, store.Registrations, id)
		if !ok || r.State != "" {
			continue
		}
		r.NeverSuccessful = !r.Failing
		start(tx, &r)
		if err := store.Put(tx, store.Registrations, r); err != nil {
			return err
		}
	}
	return nil
}

// NextDue returns the time of the earliest answer to any registration; false if there is
// none.
func NextDue(tx *store.Tx) (time.Time, bool) {
	_, at, ok := store.Earliest(tx, store.Registrations, store.RegistrationDue)
	return at, ok
}

// RunNext applies the registrar's answer that is due first, if it is due at the
// transaction's time.
func RunNext(tx *store.Tx) error {
	r, at, ok := store.Earliest(tx, store.Registrations, store.RegistrationDue)
	if !ok || at.After(tx.Now()) {
		return nil
	}
	return applyNext(tx, r)
}

// applyNext applies the next answer of the registrar's sequence.
func applyNext(tx *store.Tx, r vox.Registration) error {
	from := registrar.Of(tx.Settings().Registrar, &r)
	a, failures := from.Answer(r.Answers)
	r.Answers++
	applyAnswer(tx, &r, from, a, failures)
	return store.Put(tx, store.Registrations, r)
}

// postponement is the delay of an event that failed.
const postponement = time.Hour

// PostponeNext delays the earliest event by an hour.
func PostponeNext(tx *store.Tx) error {
	r, _, ok := store.Earliest(tx, store.Registrations, store.RegistrationDue)
	if !ok {
		return nil
	}
	r.Due = tx.Now().Add(postponement)
	return store.Put(tx, store.Registrations, r)
}

// applyAnswer stores an answer and computes when the next different one is due. failures
// is the number of consecutive failures, this answer included.
func applyAnswer(tx *store.Tx, r *vox.Registration, from registrar.Registrar, a registrar.Answer, failures int64) {
	before := *r
	r.State, r.StatusCode, r.ErrorMessage = vox.Failed, a.Status, a.Reason
	if a.Accepts() {
		r.State, r.ErrorMessage, r.NeverSuccessful = vox.Successful, "", false
	}
	date(tx, before, r)
	r.Due = time.Time{}
	if from.Repeats(a, r.Answers) {
		return // all further answers are the same
	}
	delay, known := from.Delay()
	if pause, ok := pause(r, from.Expires(), a, failures); ok && known {
		r.Due = tx.Now().Add(pause + delay)
	}
}

// date updates the time of the last change of state (A33).
func date(tx *store.Tx, before vox.Registration, r *vox.Registration) {
	if r.State != before.State || r.StatusCode != before.StatusCode || r.ErrorMessage != before.ErrorMessage {
		r.LastUpdated = tx.Now()
	}
}

// Intervals between retries of failed registrations (A30): 1, 2, 4, 8, 16 and 32 minutes,
// then one hour.
const (
	firstRetry   = time.Minute
	longestRetry = time.Hour
	doublings    = 6 // reach longestPause
)

// pause returns the time until the platform asks the registrar again; false if it does
// not. An accepted registration is refreshed after nine tenths of its lifetime (A29). A
// failed one is retried unless it is non-persistent (A30, A31).
func pause(r *vox.Registration, expires time.Duration, a registrar.Answer, failures int64) (time.Duration, bool) {
	switch {
	case a.Accepts():
		return expires * 9 / 10, true
	case r.NonPersistent:
		return 0, false
	}
	return min(firstRetry<<min(failures-1, doublings), longestRetry), true
}
