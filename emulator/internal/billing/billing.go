// Package billing decides what a registration costs and when, and keeps the
// accounts' ledgers. Its functions change the registration at hand in place; the
// caller stores it.
package billing

import (
	"fmt"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Install charges the installation fee and its tax at once (A36). It does not
// ask whether the account can pay: [Reserve], which comes next, asks for all of
// it.
func Install(tx *store.Tx, r *vox.Registration) error {
	terms := tx.Settings().Billing
	return withLedger(tx, r, func(l *ledger) error {
		return l.charge(r, vox.SubscriptionInstallationCharge, "installation fee",
			terms.InstallationFee, terms.Tax(terms.InstallationFee))
	})
}

// Reserve puts the coming month's fee and tax on hold. Error:
// [vox.ErrInsufficientMoney] when the account cannot pay, with nothing changed.
func Reserve(tx *store.Tx, r *vox.Registration) error {
	return withLedger(tx, r, func(l *ledger) error {
		if !l.reserve(r) {
			return vox.ErrInsufficientMoney
		}
		return nil
	})
}

// Renew charges what the registration holds, because its month is over, and puts
// the coming month on hold. It reports whether the account could pay that; if
// not, the registration holds nothing (A37).
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

// Settle charges what a registration holds that is being deleted, or gives it
// back if the scenario says so (A38).
func Settle(tx *store.Tx, r *vox.Registration) error {
	return withLedger(tx, r, func(l *ledger) error {
		if tx.Settings().Behaviour.DeletedRegistration == vox.DeletedRegistrationRefunded {
			l.hold(r, vox.Money{})
			return nil
		}
		return l.commit(r, "monthly fee at deletion")
	})
}

// withLedger changes the ledger of the account that pays for a registration.
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

// TopUp pays money in. Errors: an account that does not exist, an amount that is
// not positive or makes the account exceed twelve digits.
func TopUp(tx *store.Tx, account int64, amount vox.Money) error {
	l, err := open(tx, account)
	switch {
	case err != nil:
		return err
	case amount.Cmp(vox.Money{}) <= 0:
		return fmt.Errorf("top-up of %s: want an amount above 0", amount)
	case !l.account.FixedBalance().Add(l.account.CreditLimit).Add(amount).InRange():
		return fmt.Errorf("top-up of %s: the account would have more than twelve digits can say", amount)
	}
	if err := l.record(vox.Transaction{Type: vox.CardPayment, Amount: amount, Description: "Top-up"}); err != nil {
		return err
	}
	return l.close()
}
