package billing_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/internal/billing"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

var noon = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

// bank is the state of these tests: account 1 with a balance, an installation fee of
// 3.00, a monthly fee of 2.00, and 10% tax.
type bank struct {
	*testing.T
	store *store.Store
	now   time.Time
}

func newBank(t *testing.T, balance, credit string) *bank {
	t.Helper()
	tax, err := vox.ParsePercent("10")
	if err != nil {
		t.Fatal(err)
	}
	b := &bank{t, store.New(), noon}
	b.do(func(tx *store.Tx) error {
		tx.SetSettings(vox.Settings{Billing: vox.Billing{InstallationFee: vox.MustParseMoney("3"), TaxPercent: tax}})
		return store.Put(tx, store.Accounts, vox.Account{ID: 1, Name: "demo", Currency: "EUR", Balance: vox.MustParseMoney(balance), CreditLimit: vox.MustParseMoney(credit)})
	})
	return b
}

func (b *bank) behave(behaviour vox.Behaviour) {
	b.Helper()
	b.do(func(tx *store.Tx) error {
		settings := tx.Settings()
		settings.Behaviour = behaviour
		tx.SetSettings(settings)
		return nil
	})
}

func (b *bank) do(fn func(*store.Tx) error) {
	b.Helper()
	if err := b.store.Write(b.now, fn); err != nil {
		b.Fatal(err)
	}
}

// on calls a function of the package with a registration.
func (b *bank) on(r *vox.Registration, fn func(*store.Tx, *vox.Registration) error) {
	b.Helper()
	b.do(func(tx *store.Tx) error { return fn(tx, r) })
}

// books returns balance, hold and fixed balance, followed by the transactions.
func (b *bank) books() []string {
	b.Helper()
	var lines []string
	err := b.store.Read(b.now, func(tx *store.Tx) error {
		a, _ := store.Get(tx, store.Accounts, 1)
		lines = append(lines, a.Balance.String()+" + "+a.MoneyOnHold.String()+" = "+a.FixedBalance().String())
		for line := range store.All(tx, store.Transactions) {
			lines = append(lines, line.PerformedAt.Format(time.DateOnly)+" "+string(line.Type)+" "+line.Amount.String())
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return lines
}

func (b *bank) want(books ...string) {
	b.Helper()
	if diff := cmp.Diff(books, b.books()); diff != "" {
		b.Errorf("books (-want +got):\n%s", diff)
	}
}

func registration() *vox.Registration {
	return &vox.Registration{ID: 5, AccountID: 1, Price: vox.MustParseMoney("2")}
}

func TestAPurchaseChargesTheInstallationFeeAndItsTaxAndHoldsAMonth(t *testing.T) {
	b := newBank(t, "10", "0")
	b.on(registration(), billing.Purchase)
	b.want("4.50 + 2.20 = 6.70", "2026-01-31 subscription_installation_charge -3.00", "2026-01-31 tax_charge -0.30")
}

func TestAHoldLowersTheBalanceAndLeavesTheFixedBalanceAlone(t *testing.T) {
	b, r := newBank(t, "10", "0"), registration()
	b.on(r, billing.Reserve)
	b.want("7.80 + 2.20 = 10.00")
	if r.MoneyOnHold.String() != "2.20" {
		t.Errorf("the registration holds %s, want 2.20", r.MoneyOnHold)
	}
}

// renewing calls billing.Renew and requires the given result.
func renewing(want bool) func(*store.Tx, *vox.Registration) error {
	return func(tx *store.Tx, r *vox.Registration) error {
		paid, err := billing.Renew(tx, r)
		if err == nil && (paid != want || paid == r.MoneyOnHold.IsZero()) {
			return fmt.Errorf("paid %v, holds %s, want %v", paid, r.MoneyOnHold, want)
		}
		return err
	}
}

func TestARenewalChargesTheHoldOnItsDayAndHoldsTheNextMonth(t *testing.T) {
	b, r := newBank(t, "5", "0"), registration()
	b.on(r, billing.Reserve)
	b.now = noon.AddDate(0, 0, 28)
	b.on(r, renewing(true))
	b.want("0.60 + 2.20 = 2.80", "2026-02-28 sip_registration_charge -2.00", "2026-02-28 tax_charge -0.20")
}

func TestARenewalThatCannotBePaidChargesThePastMonthAllTheSame(t *testing.T) {
	b, r := newBank(t, "4.39", "0"), registration()
	b.on(r, billing.Reserve)
	b.on(r, renewing(false))
	b.want("2.19 + 0.00 = 2.19", "2026-01-31 sip_registration_charge -2.00", "2026-01-31 tax_charge -0.20")
	b.on(r, renewing(false)) // nothing is on hold
	b.want("2.19 + 0.00 = 2.19", "2026-01-31 sip_registration_charge -2.00", "2026-01-31 tax_charge -0.20")
}

func TestWhatIsHeldAboveThePriceIsTax(t *testing.T) {
	for held, want := range map[string][]string{
		"2":    {"0.00 + 0.00 = 0.00", "2026-01-31 sip_registration_charge -2.00"},
		"0.50": {"0.00 + 0.00 = 0.00", "2026-01-31 sip_registration_charge -0.50"},
		"2.75": {"0.00 + 0.00 = 0.00", "2026-01-31 sip_registration_charge -2.00", "2026-01-31 tax_charge -0.75"},
	} {
		b, r := newBank(t, "0", "0"), registration()
		r.MoneyOnHold = vox.MustParseMoney(held)
		b.do(func(tx *store.Tx) error {
			a, _ := store.Get(tx, store.Accounts, 1)
			a.MoneyOnHold = r.MoneyOnHold
			return store.Put(tx, store.Accounts, a)
		})
		b.on(r, renewing(false))
		b.want(want...)
	}
}

func TestTheMonthOnHoldIsChargedWithItsTaxAtDeletion(t *testing.T) {
	b, r := newBank(t, "10", "0"), registration()
	b.on(r, billing.Reserve)
	b.on(r, billing.Settle)
	b.want("7.80 + 0.00 = 7.80", "2026-01-31 sip_registration_charge -2.00", "2026-01-31 tax_charge -0.20")
	if !r.MoneyOnHold.IsZero() {
		t.Errorf("the registration holds %s, want nothing", r.MoneyOnHold)
	}
	b.on(r, billing.Settle) // nothing is on hold, as for a frozen registration
	b.want("7.80 + 0.00 = 7.80", "2026-01-31 sip_registration_charge -2.00", "2026-01-31 tax_charge -0.20")
}

func TestARefundedHoldLeavesNoTrace(t *testing.T) {
	b, r := newBank(t, "10", "0"), registration()
	b.behave(vox.Behaviour{DeletedRegistration: vox.DeletedRegistrationRefunded})
	b.on(r, billing.Reserve)
	b.on(r, billing.Settle)
	b.want("10.00 + 0.00 = 10.00")
	if !r.MoneyOnHold.IsZero() {
		t.Errorf("the registration holds %s, want nothing", r.MoneyOnHold)
	}
}

func TestTheScenarioMayChooseTheTypeOfTheMonthlyCharge(t *testing.T) {
	b, r := newBank(t, "10", "0"), registration()
	b.behave(vox.Behaviour{ChargeType: vox.SubscriptionCharge})
	b.on(r, billing.Reserve)
	b.on(r, billing.Settle)
	b.want("7.80 + 0.00 = 7.80", "2026-01-31 subscription_charge -2.00", "2026-01-31 tax_charge -0.20")
}

func TestOnlyTheRegistrationsOwnHoldIsSettled(t *testing.T) {
	b, first, second := newBank(t, "10", "0"), registration(), registration()
	second.ID = 6
	b.on(first, billing.Reserve)
	b.on(second, billing.Reserve)
	b.on(first, billing.Settle)
	b.want("5.60 + 2.20 = 7.80", "2026-01-31 sip_registration_charge -2.00", "2026-01-31 tax_charge -0.20")
}

func TestBalanceAndCreditMustCoverFeeAndTax(t *testing.T) {
	for _, c := range []struct {
		balance, credit string
		want            error
	}{
		{"2.20", "0", nil}, {"2.19", "0", vox.ErrInsufficientMoney}, {"0", "2.20", nil}, {"-1", "3.20", nil},
		{"-1", "3.19", vox.ErrInsufficientMoney}, {"1.20", "1", nil},
	} {
		b := newBank(t, c.balance, c.credit)
		before := b.books()
		err := b.store.Write(noon, func(tx *store.Tx) error {
			r := registration()
			err := billing.Reserve(tx, r)
			if (err == nil) == r.MoneyOnHold.IsZero() {
				t.Errorf("%v, and the registration holds %s", err, r.MoneyOnHold)
			}
			return err
		})
		if !errors.Is(err, c.want) {
			t.Errorf("balance %s, credit %s: %v, want %v", c.balance, c.credit, err, c.want)
		}
		if err != nil {
			b.want(before...)
		}
	}
}

func TestATopUpIsATransaction(t *testing.T) {
	b := newBank(t, "-1", "5")
	b.do(func(tx *store.Tx) error { return billing.TopUp(tx, 1, vox.MustParseMoney("10.50")) })
	b.want("9.50 + 0.00 = 9.50", "2026-01-31 card_payment 10.50")
}

func TestTopUpsThatAreRefused(t *testing.T) {
	for _, c := range []struct {
		account int64
		amount  string
		want    string
	}{
		{1, "0", "top-up of 0.00: want an amount above 0"},
		{1, "-1", "top-up of -1.00: want an amount above 0"},
		{1, "999999999999", "top-up of 999999999999.00: the balance would have more than twelve digits"},
		{2, "1", "there is no account 2"},
	} {
		b := newBank(t, "1", "0")
		err := b.store.Write(noon, func(tx *store.Tx) error { return billing.TopUp(tx, c.account, vox.MustParseMoney(c.amount)) })
		if err == nil || err.Error() != c.want {
			t.Errorf("%s to account %d: %v, want %s", c.amount, c.account, err, c.want)
		}
		b.want("1.00 + 0.00 = 1.00")
	}
}
