package accounts

import (
	"fmt"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// onHold are the transactions that are reserved and not charged yet: what the
// account's registrations hold. The registration's id is the transaction's (A73).
func onHold(tx *store.Tx, account int64) ([]vox.Transaction, error) {
	owner, _ := store.Accounts(tx).Get(account)
	monthly := tx.Settings().Behaviour.MonthlyCharge()
	registrations, err := store.Registrations(tx).Select(account, nil, query.All())
	var all []vox.Transaction
	for _, r := range registrations {
		if r.MoneyOnHold.IsZero() {
			continue
		}
		all = append(all, vox.Transaction{
			ID: r.ID, AccountID: account, Type: monthly, Amount: r.MoneyOnHold.Neg(), Currency: owner.Currency,
			PerformedAt: heldSince(r), Description: fmt.Sprintf("SIP registration %d: monthly fee, on hold", r.ID),
			RegistrationID: r.ID, ApplicationID: r.ApplicationID,
		})
	}
	return all, err
}

// heldSince is when the running month began.
func heldSince(r vox.Registration) time.Time {
	began := r.NextRenewal.AddDate(0, -1, 0)
	if began.Before(r.PurchaseDate) {
		return r.PurchaseDate
	}
	return began
}
