package sipreg

import (
	"time"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// start begins an attempt to register: in progress, without status (A15),
// until the registrar answers. Frozen registrations and, as long as no user
// logs in, non-persistent ones do not register (facts.md §5.2).
func start(tx *store.Tx, r *vox.Registration) {
	now := tx.Now()
	r.StatusCode, r.ErrorMessage, r.LastUpdated = 0, "", now
	if r.Deactivated || r.NonPersistent {
		r.State = vox.Offline
		return
	}
	r.State = vox.InProgress
	r.Due = now.Add(tx.Settings().Registrar.Delay)
}

// NextDue is the moment of the earliest event of all registrations; false: there
// is none.
func NextDue(tx *store.Tx) (time.Time, bool) {
	_, at, ok := tx.Registrations().Earliest("due")
	return at, ok
}

// RunNext carries out the earliest event of all registrations, if it is due at
// the transaction's time.
func RunNext(tx *store.Tx) error {
	r, at, ok := tx.Registrations().Earliest("due")
	if !ok || at.After(tx.Now()) {
		return nil
	}
	finish(tx, &r, ask(r))
	return tx.Registrations().Put(r)
}

// finish writes down the registrar's answer.
func finish(tx *store.Tx, r *vox.Registration, a answer) {
	r.Due = time.Time{}
	r.State, r.StatusCode, r.ErrorMessage = vox.Failed, a.status, a.reason
	if a.status == 200 {
		r.State, r.ErrorMessage = vox.Successful, ""
	}
	r.LastUpdated = tx.Now()
}
