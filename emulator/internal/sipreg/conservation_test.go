package sipreg_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/voxemu/voxemu/emulator/internal/sipreg"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

var errGivenUp = errors.New("given up")

// cents generates amounts with at most two decimals.
func cents(low, high int64) *rapid.Generator[vox.Money] {
	return rapid.Map(rapid.Int64Range(low, high), func(n int64) vox.Money {
		sign := ""
		if n < 0 {
			sign, n = "-", -n
		}
		return vox.MustParseMoney(fmt.Sprintf("%s%d.%02d", sign, n/100, n%100))
	})
}

func anyTerms() *rapid.Generator[vox.Billing] {
	return rapid.Custom(func(t *rapid.T) vox.Billing {
		tax, err := vox.ParsePercent(rapid.SampledFrom([]string{"0", "7.5", "20", "100"}).Draw(t, "tax"))
		if err != nil {
			t.Fatal(err)
		}
		return vox.Billing{
			InstallationFee: cents(0, 100).Draw(t, "installation"), MonthlyFee: cents(0, 300).Draw(t, "fee"), TaxPercent: tax,
			DetachAfter: time.Duration(rapid.IntRange(0, 60).Draw(t, "patience")) * 24 * time.Hour,
		}
	})
}

func anyAccount() *rapid.Generator[vox.Account] {
	return rapid.Custom(func(t *rapid.T) vox.Account {
		return vox.Account{
			Balance: cents(-500, 2000).Draw(t, "balance"), CreditLimit: cents(0, 500).Draw(t, "credit"),
			MaxSIPRegistrations: rapid.Int64Range(0, 6).Draw(t, "limit"),
		}
	})
}

// Whatever happens to an account, in any order: balance, holds and transactions agree.
func TestMoneyIsConserved(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := newBank(anyAccount().Draw(t, "account"), anyTerms().Draw(t, "terms"))
		opening := b.state().Account.FixedBalance()
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			before := b.state()
			err := b.anything(t)
			after := b.state()
			if diff := cmp.Diff(before, after); err != nil && diff != "" {
				t.Fatalf("%v left a trace:\n%s", err, diff)
			}
			judge(t, opening, after)
		}
	})
}

// anything performs a random action; an error means that the action was refused.
func (b *bank) anything(t *rapid.T) error {
	id := rapid.Int64Range(1, 8).Draw(t, "id")
	switch rapid.SampledFrom([]string{"create", "create", "delete", "pass", "pass", "pay", "update", "fail"}).Draw(t, "do") {
	case "create":
		_, err := b.create()
		return expected(t, err, vox.ErrInsufficientMoney, vox.ErrTooManyRegistrations)
	case "delete":
		return expected(t, b.delete(id), vox.ErrInvalidRegistrationID)
	case "pass":
		hours := rapid.SampledFrom([]int{1, 24, 24 * 15, 24 * 31, 24 * 100}).Draw(t, "hours")
		return expected(t, b.until(b.now.Add(time.Duration(hours)*time.Hour)))
	case "pay":
		return expected(t, b.topUp(cents(1, 1000).Draw(t, "amount")))
	case "update":
		return expected(t, b.store.Write(b.now, func(tx *store.Tx) error {
			_, err := sipreg.Update(tx, owner, sipreg.UpdateParams{ID: id, Identity: sip("another", "")})
			return err
		}), vox.ErrInvalidRegistrationID)
	}
	return b.fail(t, id)
}

// fail performs several actions in one transaction and rolls it back.
func (b *bank) fail(t *rapid.T, id int64) error {
	err := b.store.Write(b.now, func(tx *store.Tx) error {
		_, creating := sipreg.Create(tx, owner, sipreg.CreateParams{Identity: sip("sales", "pbx.example.com"), IsPersistent: true})
		_, deleting := sipreg.Delete(tx, owner, sipreg.DeleteParams{ID: id})
		return errors.Join(errGivenUp, creating, deleting, sipreg.TopUp(tx, 1, vox.MustParseMoney("5")), sipreg.Renew(tx))
	})
	if !errors.Is(err, errGivenUp) {
		t.Fatalf("%v, want %v", err, errGivenUp)
	}
	return err
}

// expected fails the test on errors other than the given ones.
func expected(t *rapid.T, err error, rules ...vox.Error) error {
	if err == nil {
		return nil
	}
	for _, rule := range rules {
		if errors.Is(err, rule) {
			return err
		}
	}
	t.Fatal(err)
	return err
}

func judge(t *rapid.T, opening vox.Money, s state) {
	fixed, held := opening, vox.Money{}
	for _, line := range s.Transactions {
		fixed = fixed.Add(line.Amount)
	}
	for _, r := range s.Registrations {
		held = held.Add(r.MoneyOnHold)
		judgeFrozen(t, r)
	}
	a := s.Account
	if !a.FixedBalance().Equal(fixed) {
		t.Fatalf("fixed balance %s, but opening and transactions make %s", a.FixedBalance(), fixed)
	}
	if !a.MoneyOnHold.Equal(held) {
		t.Fatalf("account holds %s, its registrations %s", a.MoneyOnHold, held)
	}
	if !opening.IsNegative() && !a.CanPay(vox.Money{}) {
		t.Fatalf("balance %s is below the credit limit of %s", a.Balance, a.CreditLimit)
	}
}

// judgeFrozen requires that a frozen registration is deactivated, offline and holds no
// money, and that any other one has its renewal in the future and no detach date.
func judgeFrozen(t *rapid.T, r vox.Registration) {
	switch {
	case r.Deactivated && (!r.MoneyOnHold.IsZero() || r.State != vox.Offline || !r.Due.IsZero()):
		t.Fatalf("registration %d is frozen, %s, holds %s and is due at %v", r.ID, r.State, r.MoneyOnHold, r.Due)
	case !r.Deactivated && (!r.DetachDate.IsZero() || r.State == vox.Offline):
		t.Fatalf("registration %d is not frozen, %s, to be removed at %v", r.ID, r.State, r.DetachDate)
	}
}
