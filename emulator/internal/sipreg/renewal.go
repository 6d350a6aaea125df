package sipreg

import (
	"errors"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/billing"
	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// NextRenewal returns the time of the earliest renewal, or removal of a frozen
// registration; false if there is none.
func NextRenewal(tx *store.Tx) (time.Time, bool) {
	_, at, ok := store.Earliest(tx, store.Registrations, store.RegistrationRenewal)
	return at, ok
}

// renewalsAtOnce is the maximum number of renewals in a transaction, and thereby in a
// callback (A80). More would be faster, but the journal could not keep the whole request.
const renewalsAtOnce = 32

// Renew runs the earliest renewal, if it is due at the transaction's time, together with
// others of the same account that are due at the same time, by ascending id (A80). A
// frozen registration is removed instead (A40).
func Renew(tx *store.Tx) error {
	if at, ok := NextRenewal(tx); !ok || at.After(tx.Now()) {
		return nil
	}
	for _, r := range store.Together(tx, store.Registrations, store.RegistrationRenewal, renewalsAtOnce) {
		if r.Deactivated {
			store.Delete(tx, store.Registrations, r.ID) // nothing is on hold
			continue
		}
		if err := renew(tx, r); err != nil {
			return err
		}
	}
	return nil
}

// renew charges the past month and puts the next one on hold. If the account cannot pay,
// the registration is frozen (A37).
func renew(tx *store.Tx, r vox.Registration) error {
	paid, err := billing.Renew(tx, &r)
	switch {
	case err != nil:
		return err
	case paid:
		r.NextRenewal = vox.Following(r.NextRenewal, r.RenewalDay)
	default:
		freeze(tx, &r)
	}
	return store.Put(tx, store.Registrations, r)
}

// freeze takes a registration offline until the account can pay. NextRenewal remains the
// day on which it could not.
func freeze(tx *store.Tx, r *vox.Registration) {
	r.Deactivated, r.Due = true, time.Time{}
	if after := tx.Settings().Billing.DetachAfter; after > 0 {
		r.DetachDate = tx.Now().Add(after)
	}
	start(tx, r)
}

// TopUp adds money to an account and reactivates, by ascending id, each frozen
// registration that the account can then pay (A39). Errors: see [billing.TopUp].
func TopUp(tx *store.Tx, account int64, amount vox.Money) error {
	if err := billing.TopUp(tx, account, amount); err != nil {
		return err
	}
	for _, r := range store.Select(tx, store.Registrations, account, store.RegistrationDeactivated.Is(true), query.All()) {
		if err := thaw(tx, r); err != nil && !errors.Is(err, vox.ErrInsufficientMoney) {
			return err
		}
	}
	return nil
}

// thaw starts a new month on the day of payment and registers again. Error:
// [vox.ErrInsufficientMoney], in which case nothing has changed.
func thaw(tx *store.Tx, r vox.Registration) error {
	if err := billing.Reserve(tx, &r); err != nil {
		return err
	}
	now := tx.Now()
	r.Deactivated, r.DetachDate = false, time.Time{}
	r.RenewalDay, r.NextRenewal = int64(now.Day()), vox.NextRenewal(now, 1)
	start(tx, &r)
	return store.Put(tx, store.Registrations, r)
}

// checkLimit returns an error if one more registration exceeds the account's limit;
// frozen ones count (A42).
func checkLimit(tx *store.Tx, account int64) error {
	owner, _ := store.Get(tx, store.Accounts, account)
	limit := owner.MaxSIPRegistrations
	if limit == 0 {
		return nil
	}
	if store.Count(tx, store.Registrations, account, nil) >= int(limit) {
		return vox.ErrTooManyRegistrations
	}
	return nil
}
