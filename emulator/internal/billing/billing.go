// Package billing computes the cost of registrations and keeps the accounts' ledgers. Its
// functions modify the given registration; the caller stores it.
package billing

import (
	"fmt"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Purchase charges the installation fee and its tax, and puts the first month's fee and
// tax on hold (A36). Error: [vox.ErrInsufficientMoney] if the account cannot pay the sum;
// the caller then undoes the transaction.
func Purchase(tx *store.Tx, r *vox.Registration) error {
	terms := tx.Settings().Billing
	return withLedger(tx, r, func(l *ledger) error {
		err := l.charge(r, vox.SubscriptionInstallationCharge, "installation fee",
			terms.InstallationFee, terms.Tax(terms.InstallationFee))
		if err == nil && !l.reserve(r) {
			err = vox.ErrInsufficientMoney
		}
		return err
	})
}

// Reserve puts the next month's fee and tax on hold. Error: [vox.ErrInsufficientMoney] if
// the account cannot pay, in which case nothing has changed.
func Reserve(tx *store.Tx, r *vox.Registration) error {
	return withLedger(tx, r, func(l *ledger) error {
		if !l.reserve(r) {
			return vox.ErrInsufficientMoney
		}
		return nil
	})
}

// Renew charges the money on hold for the past month and puts the next month on hold.
// paid is false if the account cannot pay the next month; the registration then holds no
// money (A37).
func Renew(tx *store.Tx, r *vox.Registration) (paid bool, err error) {
	err = withLedger(tx, r, func(l *ledger) error {
		if err := l.commit(r, "monthly fee"); err != nil {
			return err
		}
		paid = l.reserve(r)
		return nil
	})
	return paid, err
}

// Settle charges the money on hold of a registration that is being deleted, or refunds it
// if the scenario says so (A38).
func Settle(tx *store.Tx, r *vox.Registration) error {
	return withLedger(tx, r, func(l *ledger) error {
		if tx.Settings().Behaviour.DeletedRegistration == vox.DeletedRegistrationRefunded {
			l.hold(r, vox.Money{})
			return nil
		}
		return l.commit(r, "monthly fee at deletion")
	})
}

// withLedger changes the ledger of the account that owns a registration.
func withLedger(tx *store.Tx, r *vox.Registration, change func(*ledger) error) error {
	l, err := open(tx, r.AccountID)
	if err != nil {
		return err
	}
	if err := change(l); err != nil {
		return err
	}
	return l.close()
}

// TopUp adds money to an account. It returns an error if the account does not exist, if
// the amount is not positive, or if the balance would exceed twelve digits.
func TopUp(tx *store.Tx, account int64, amount vox.Money) error {
	l, err := open(tx, account)
	switch {
	case err != nil:
		return err
	case amount.Cmp(vox.Money{}) <= 0:
		return fmt.Errorf("top-up of %s: want an amount above 0", amount)
	case !l.account.FixedBalance().Add(l.account.CreditLimit).Add(amount).InRange():
		return fmt.Errorf("top-up of %s: the balance would have more than twelve digits", amount)
	}
	if err := l.record(vox.Transaction{Type: vox.CardPayment, Amount: amount, Description: "Top-up"}); err != nil {
		return err
	}
	return l.close()
}
