package sipreg

import (
	"time"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// The life of a registration: start → in progress → the registrar answers
// (applyAnswer) → successful or failed → it is asked again, and answers again.
// Frozen registrations, and non-persistent ones whose user is not logged in, are
// offline instead.
//
// Quiet repetitions: a platform asks a registrar again about every hour, which
// makes 8,760 events a year of each registration. Nobody can tell when the
// answer is the same as before: state, status, message and last_updated stay
// (A33). What a registrar will say is known, because it is a pure function of
// the settings and the row (see script). So a registration has a next event only
// as long as another answer is still to come; one whose registrar keeps saying
// the same has none and costs nothing, however far the time is moved.

// start begins an attempt to register: in progress, without status (A15), until
// the registrar answers. What does not register is offline.
func start(tx *store.Tx, r *vox.Registration) {
	before := *r
	r.State, r.StatusCode, r.ErrorMessage = vox.Offline, 0, ""
	r.Due, r.Answers = time.Time{}, 0
	if registers(tx, r) {
		r.State = vox.InProgress
		r.Due = tx.Now().Add(scriptOf(tx.Settings().Registrar, r).delay)
		answerAtOnce(tx, r)
	}
	date(tx, before, r)
}

// answerAtOnce has an answer that takes no time follow this transaction, instead
// of the clock's next look; unless a renewal that is overdue comes first.
func answerAtOnce(tx *store.Tx, r *vox.Registration) {
	if r.Due.After(tx.Now()) || !r.NextRenewal.IsZero() && r.NextRenewal.Before(tx.Now()) {
		return
	}
	id := r.ID
	tx.Then(func(tx *store.Tx) error {
		if r, ok := store.Registrations(tx).Get(id); ok && r.Due.Equal(tx.Now()) {
			return applyNext(tx, r)
		}
		return nil // another answer came first
	})
}

// registers reports whether the registrar is asked: not for frozen registrations
// (A34), and for non-persistent ones only while their user is logged in
// (docs/evidence.md#persistence, A31).
func registers(tx *store.Tx, r *vox.Registration) bool {
	if r.Deactivated || !r.NonPersistent {
		return !r.Deactivated
	}
	user, bound := store.Users(tx).Get(r.UserID)
	return bound && user.LoggedIn
}

// followUser starts a non-persistent registration over that has lost or changed
// its user (A31); before is the user it had.
func followUser(tx *store.Tx, r *vox.Registration, before int64) {
	if r.NonPersistent && r.UserID != before {
		start(tx, r)
	}
}

// StartNew starts the rows of a scenario that name no state, like registrations
// that were just created.
func StartNew(tx *store.Tx) error {
	for r := range store.Registrations(tx).All() {
		if r.State != "" {
			continue
		}
		r.NeverSuccessful = !r.Failing
		start(tx, &r)
		if err := store.Registrations(tx).Put(r); err != nil {
			return err
		}
	}
	return nil
}

// NextDue is the moment of the earliest event of all registrations; false: there
// is none.
func NextDue(tx *store.Tx) (time.Time, bool) {
	_, at, ok := store.Registrations(tx).Earliest("due")
	return at, ok
}

// RunNext carries out the earliest event of all registrations, if it is due at
// the transaction's time: the registrar answers.
func RunNext(tx *store.Tx) error {
	r, at, ok := store.Registrations(tx).Earliest("due")
	if !ok || at.After(tx.Now()) {
		return nil
	}
	return applyNext(tx, r)
}

// applyNext applies the answer that is next in the registrar's sequence.
func applyNext(tx *store.Tx, r vox.Registration) error {
	s := scriptOf(tx.Settings().Registrar, &r)
	a, failures := s.answer(r.Answers), s.failures(r.Answers)
	r.Answers++
	applyAnswer(tx, &r, s, a, failures)
	return store.Registrations(tx).Put(r)
}

// postponement is how long an event is put off that failed.
const postponement = time.Hour

// PostponeNext puts the earliest event of all registrations off.
func PostponeNext(tx *store.Tx) error {
	r, _, ok := store.Registrations(tx).Earliest("due")
	if !ok {
		return nil
	}
	r.Due = tx.Now().Add(postponement)
	return store.Registrations(tx).Put(r)
}

// applyAnswer writes down an answer, the given number of failures in a row, and when
// the next one comes that differs.
func applyAnswer(tx *store.Tx, r *vox.Registration, s script, a answer, failures int64) {
	before := *r
	r.State, r.StatusCode, r.ErrorMessage = vox.Failed, a.status, a.reason
	if a.accepts() {
		r.State, r.ErrorMessage, r.NeverSuccessful = vox.Successful, "", false
	}
	date(tx, before, r)
	r.Due = time.Time{}
	if s.repeats(a, r.Answers) {
		return // a quiet repetition for ever
	}
	if pause, ok := pause(r, s, a, failures); ok {
		r.Due = tx.Now().Add(pause + s.delay)
	}
}

// date notes the last change of state (A33).
func date(tx *store.Tx, before vox.Registration, r *vox.Registration) {
	if r.State != before.State || r.StatusCode != before.StatusCode || r.ErrorMessage != before.ErrorMessage {
		r.LastUpdated = tx.Now()
	}
}

// Retries of failed registrations (A30): after 1, 2, 4, 8, 16, 32 minutes and
// then every hour.
const (
	firstRetry   = time.Minute
	longestRetry = time.Hour
	doublings    = 6 // reach the longest
)

// pause is how long the platform waits before it asks the registrar again; false:
// it does not. An accepted registration is refreshed when nine tenths of its
// lifetime are over (A29), a failed one is retried unless it is non-persistent
// (A30, A31).
func pause(r *vox.Registration, s script, a answer, failures int64) (time.Duration, bool) {
	switch {
	case a.accepts():
		return s.expires * 9 / 10, true
	case r.NonPersistent:
		return 0, false
	}
	return min(firstRetry<<min(failures-1, doublings), longestRetry), true
}
