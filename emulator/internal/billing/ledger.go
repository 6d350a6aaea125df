package billing

import (
	"fmt"
	"strconv"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// ledger changes an account's money in one transaction. All changes use it, so that
// account and transactions always agree: FixedBalance changes exactly by the recorded
// amounts.
type ledger struct {
	tx      *store.Tx
	account vox.Account
}

func open(tx *store.Tx, account int64) (*ledger, error) {
	found, ok := store.Get(tx, store.Accounts, account)
	if !ok {
		return nil, fmt.Errorf("there is no account %d", account)
	}
	return &ledger{tx, found}, nil
}

// record adds a transaction.
func (l *ledger) record(t vox.Transaction) error {
	t.ID, t.AccountID, t.Currency = store.NextID(l.tx, store.Transactions), l.account.ID, l.account.Currency
	t.PerformedAt = l.tx.Now()
	l.account.Balance = l.account.Balance.Add(t.Amount)
	return store.Put(l.tx, store.Transactions, t)
}

// charge records a fee for a registration and its tax.
func (l *ledger) charge(r *vox.Registration, what vox.TransactionType, name string, fee, tax vox.Money) error {
	if err := l.chargePart(r, what, fee, name); err != nil {
		return err
	}
	return l.chargePart(r, vox.TaxCharge, tax, "tax on the "+name)
}

func (l *ledger) chargePart(r *vox.Registration, what vox.TransactionType, amount vox.Money, name string) error {
	if amount.IsZero() {
		return nil
	}
	return l.record(vox.Transaction{
		Type: what, Amount: amount.Neg(), RegistrationID: r.ID, ApplicationID: r.ApplicationID,
		Description: "SIP registration " + strconv.FormatInt(r.ID, 10) + ": " + name,
	})
}

// hold sets the amount on hold for the registration.
func (l *ledger) hold(r *vox.Registration, amount vox.Money) {
	more := amount.Sub(r.MoneyOnHold)
	l.account.Balance = l.account.Balance.Sub(more)
	l.account.MoneyOnHold = l.account.MoneyOnHold.Add(more)
	r.MoneyOnHold = amount
}

// reserve puts a month's fee and tax on hold; false if the account cannot pay (A36).
func (l *ledger) reserve(r *vox.Registration) bool {
	month := l.tx.Settings().Billing.Month(r.Price)
	if !l.account.CanPay(month) {
		return false
	}
	l.hold(r, month)
	return true
}

// commit charges the amount on hold: the fee up to the registration's price, the rest as
// tax. name is the description of the fee.
func (l *ledger) commit(r *vox.Registration, name string) error {
	held, fee := r.MoneyOnHold, r.Price
	if held.Cmp(fee) < 0 {
		fee = held
	}
	l.hold(r, vox.Money{})
	return l.charge(r, l.tx.Settings().Behaviour.MonthlyCharge(), name, fee, held.Sub(fee))
}

func (l *ledger) close() error { return store.Put(l.tx, store.Accounts, l.account) }
