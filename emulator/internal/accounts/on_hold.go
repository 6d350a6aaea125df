package accounts

import (
	"fmt"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// onHold returns the money on hold of the account's registrations as transactions. The id
// of each is the registration's (A73).
func onHold(tx *store.Tx, account int64) []vox.Transaction {
	owner, _ := store.Get(tx, store.Accounts, account)
	monthly := tx.Settings().Behaviour.MonthlyCharge()
	var all []vox.Transaction
	for _, r := range store.Select(tx, store.Registrations, account, nil, query.All()) {
		if r.MoneyOnHold.IsZero() {
			continue
		}
		all = append(all, vox.Transaction{
			ID: r.ID, AccountID: account, Type: monthly, Amount: r.MoneyOnHold.Neg(), Currency: owner.Currency,
			PerformedAt: heldSince(r), Description: fmt.Sprintf("SIP registration %d: monthly fee, on hold", r.ID),
			RegistrationID: r.ID, ApplicationID: r.ApplicationID,
		})
	}
	return all
}

// heldSince returns the start of the current month.
func heldSince(r vox.Registration) time.Time {
	began := r.NextRenewal.AddDate(0, -1, 0)
	if began.Before(r.PurchaseDate) {
		return r.PurchaseDate
	}
	return began
}
