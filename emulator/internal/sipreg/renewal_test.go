package sipreg_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/internal/sipreg"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// bank is a store with one account, with fees and with a clock.
type bank struct {
	store *store.Store
	now   time.Time
}

// terms are 1.00 a month, 20% tax, and removal of frozen registrations after 30 days.
func terms() vox.Billing {
	tax, err := vox.ParsePercent("20")
	if err != nil {
		panic(err)
	}
	return vox.Billing{MonthlyFee: vox.MustParseMoney("1"), TaxPercent: tax, DetachAfter: 30 * 24 * time.Hour}
}

func newBank(account vox.Account, terms vox.Billing) *bank {
	b := &bank{store.New(), noon}
	account.ID, account.Name, account.Currency = 1, "demo", "USD"
	err := b.store.Write(noon, func(tx *store.Tx) error {
		tx.SetSettings(vox.Settings{Billing: terms})
		return store.Put(tx, store.Accounts, account)
	})
	if err != nil {
		panic(err)
	}
	return b
}

func (b *bank) create() (sipreg.CreateReply, error) {
	var reply sipreg.CreateReply
	err := b.store.Write(b.now, func(tx *store.Tx) (err error) {
		reply, err = sipreg.Create(tx, owner, sipreg.CreateParams{Identity: sip("sales", "pbx.example.com"), IsPersistent: true})
		return err
	})
	return reply, err
}

func (b *bank) delete(id int64) error {
	return b.store.Write(b.now, func(tx *store.Tx) error {
		_, err := sipreg.Delete(tx, owner, sipreg.DeleteParams{ID: id})
		return err
	})
}

func (b *bank) topUp(amount vox.Money) error {
	return b.store.Write(b.now, func(tx *store.Tx) error { return sipreg.TopUp(tx, 1, amount) })
}

// until runs everything due up to a time, in order, as the emulator's clock does.
func (b *bank) until(moment time.Time) error {
	for {
		at, run := b.next()
		if run == nil || at.After(moment) {
			b.now = moment
			return nil
		}
		b.now = at
		if err := b.store.Write(at, run); err != nil {
			return err
		}
	}
}

func (b *bank) next() (at time.Time, run func(*store.Tx) error) {
	_ = b.store.Read(b.now, func(tx *store.Tx) error { // the function never fails
		due, ok := sipreg.NextDue(tx)
		if ok {
			at, run = due, sipreg.RunNext
		}
		if renewal, ok := sipreg.NextRenewal(tx); ok && (run == nil || renewal.Before(at)) {
			at, run = renewal, sipreg.Renew
		}
		return nil
	})
	return at, run
}

type state struct {
	Account       vox.Account
	Registrations []vox.Registration
	Transactions  []vox.Transaction
}

func (b *bank) state() state {
	var s state
	_ = b.store.Read(b.now, func(tx *store.Tx) error { // the function never fails
		s.Account, _ = store.Get(tx, store.Accounts, 1)
		s.Registrations = slices.Collect(store.All(tx, store.Registrations))
		s.Transactions = slices.Collect(store.All(tx, store.Transactions))
		return nil
	})
	return s
}

// summary returns the account's money, followed by a summary of each registration.
func (s state) summary() string {
	text := s.Account.Balance.String() + " + " + s.Account.MoneyOnHold.String()
	for _, r := range s.Registrations {
		word := string(r.State)
		if r.Deactivated {
			word = "frozen"
		}
		text += fmt.Sprintf(", %d %s until %s", r.ID, word, r.NextRenewal.Format(time.DateOnly))
	}
	return text
}

type step struct {
	do   func(*bank) error
	want string
}

func follow(t *testing.T, b *bank, steps []step) {
	t.Helper()
	for i, s := range steps {
		if err := s.do(b); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
		if diff := cmp.Diff(s.want, b.state().summary()); diff != "" {
			t.Errorf("step %d (-want +got):\n%s", i, diff)
		}
	}
}

func creating(b *bank) error {
	_, err := b.create()
	return err
}

func deleting(id int64) func(*bank) error { return func(b *bank) error { return b.delete(id) } }
func paying(amount string) func(*bank) error {
	return func(b *bank) error { return b.topUp(vox.MustParseMoney(amount)) }
}

func on(day string) func(*bank) error {
	return func(b *bank) error {
		at, err := time.Parse(time.DateTime, day)
		if err != nil {
			return err
		}
		return b.until(at)
	}
}

func TestAYearOfRenewalsKeepsTheDayAndChargesEachMonth(t *testing.T) {
	b := newBank(vox.Account{Balance: vox.MustParseMoney("100")}, terms())
	if err := creating(b); err != nil {
		t.Fatal(err)
	}
	var days []string
	for last := b.state().Registrations[0].NextRenewal; len(days) < 13; {
		days = append(days, last.Format(time.DateOnly))
		if err := b.until(last); err != nil {
			t.Fatal(err)
		}
		last = b.state().Registrations[0].NextRenewal
	}
	want := []string{"2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30", "2026-07-31", "2026-08-31",
		"2026-09-30", "2026-10-31", "2026-11-30", "2026-12-31", "2027-01-31", "2027-02-28"}
	if diff := cmp.Diff(want, days); diff != "" {
		t.Errorf("renewals (-want +got):\n%s", diff)
	}
	if got, want := b.state().summary(), "83.20 + 1.20, 1 successful until 2027-03-31"; got != want {
		t.Errorf("after 13 renewals of 1.20: %s, want %s", got, want)
	}
}

func TestARenewalHappensAtMidnightUTCAndNotBefore(t *testing.T) {
	b := newBank(vox.Account{Balance: vox.MustParseMoney("5")}, terms())
	follow(t, b, []step{
		{creating, "3.80 + 1.20, 1 successful until 2026-02-28"},
		{on("2026-02-27 23:59:59"), "3.80 + 1.20, 1 successful until 2026-02-28"},
		{on("2026-02-28 00:00:00"), "2.60 + 1.20, 1 successful until 2026-03-31"},
	})
	for _, line := range b.state().Transactions {
		if want := time.Date(2026, 2, 28, 0, 0, 0, 0, time.UTC); !line.PerformedAt.Equal(want) {
			t.Errorf("%s at %v, want %v", line.Description, line.PerformedAt, want)
		}
	}
}

func TestWhatCannotBePaidIsFrozenAndHoldsNothing(t *testing.T) {
	b := newBank(vox.Account{Balance: vox.MustParseMoney("2.39")}, terms())
	follow(t, b, []step{
		{creating, "1.19 + 1.20, 1 successful until 2026-02-28"},
		{on("2026-02-28 00:00:00"), "1.19 + 0.00, 1 frozen until 2026-02-28"},
		{on("2026-03-29 23:59:59"), "1.19 + 0.00, 1 frozen until 2026-02-28"},
		{on("2026-03-30 00:00:00"), "1.19 + 0.00"}, // 30 days: the platform removes it
	})
}

func TestARegistrationThatIsInProgressWhenFrozenGoesOffline(t *testing.T) {
	b := newBank(vox.Account{Balance: vox.MustParseMoney("1.20")}, terms())
	if err := creating(b); err != nil {
		t.Fatal(err)
	}
	err := b.store.Write(b.now, func(tx *store.Tx) error {
		r, _ := store.Get(tx, store.Registrations, 1)
		r.Due = noon.AddDate(1, 0, 0) // the registrar's answer is due in a year
		return store.Put(tx, store.Registrations, r)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := on("2026-02-28 00:00:00")(b); err != nil {
		t.Fatal(err)
	}
	if r := b.state().Registrations[0]; r.State != vox.Offline || !r.Due.IsZero() {
		t.Errorf("%s, due %v, want offline for good", r.State, r.Due)
	}
}

func TestATopUpThawsAtOnceAndAMonthBeginsOnThatDay(t *testing.T) {
	b := newBank(vox.Account{Balance: vox.MustParseMoney("1.20")}, terms())
	follow(t, b, []step{
		{creating, "0.00 + 1.20, 1 successful until 2026-02-28"},
		{on("2026-03-10 15:00:00"), "0.00 + 0.00, 1 frozen until 2026-02-28"},
		{paying("1.19"), "1.19 + 0.00, 1 frozen until 2026-02-28"},
		{paying("0.01"), "0.00 + 1.20, 1 successful until 2026-04-10"},
		{paying("1.20"), "1.20 + 1.20, 1 successful until 2026-04-10"},
		{on("2026-04-10 00:00:00"), "0.00 + 1.20, 1 successful until 2026-05-10"},
	})
	if r := b.state().Registrations[0]; !r.DetachDate.IsZero() {
		t.Errorf("thawed, and to be removed at %v", r.DetachDate)
	}
}

func TestATopUpThawsByIDWhatItCanPayAndSkipsTheRest(t *testing.T) {
	b := newBank(vox.Account{}, terms())
	err := b.store.Write(noon, func(tx *store.Tx) error {
		for i, price := range []string{"2", "3", "1", "1"} {
			r := vox.Registration{ID: int64(i) + 1, AccountID: 1, Price: vox.MustParseMoney(price), Deactivated: true, State: vox.Offline}
			if err := store.Put(tx, store.Registrations, r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	follow(t, b, []step{
		{paying("4"), "0.40 + 3.60, 1 successful until 2026-02-28, 2 frozen until 0001-01-01, " +
			"3 successful until 2026-02-28, 4 frozen until 0001-01-01"},
	})
}

func TestRenewalsOfOneMomentArePaidByIDAndWhatCannotBePaidIsFrozen(t *testing.T) {
	b := newBank(vox.Account{Balance: vox.MustParseMoney("2.40")}, terms())
	err := b.store.Write(noon, func(tx *store.Tx) error {
		for i, price := range []string{"1", "2", "1", "1"} { // the second registration costs more than the balance
			r := vox.Registration{ID: int64(i) + 1, AccountID: 1, Price: vox.MustParseMoney(price), State: vox.Successful, NextRenewal: noon}
			if err := store.Put(tx, store.Registrations, r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	transactions := 0
	b.store.Observe(func(*store.Tx) error { transactions++; return nil })
	follow(t, b, []step{
		{on("2026-01-31 12:00:00"), "0.00 + 2.40, 1 successful until 2026-02-28, 2 frozen until 2026-01-31, " +
			"3 successful until 2026-02-28, 4 frozen until 2026-01-31"},
	})
	if transactions != 1 {
		t.Errorf("%d transactions, want 1", transactions)
	}
}

func TestRenewalsOfOtherMomentsAndAccountsHaveTransactionsOfTheirOwn(t *testing.T) {
	b := newBank(vox.Account{}, vox.Billing{})
	err := b.store.Write(noon, func(tx *store.Tx) error {
		for id := int64(1); id <= 80; id++ {
			r := vox.Registration{ID: id, AccountID: 1 + id%2, State: vox.Successful, NextRenewal: noon}
			if id > 70 {
				r.NextRenewal = noon.Add(1)
			}
			if err := store.Put(tx, store.Registrations, r); err != nil {
				return err
			}
		}
		return store.Put(tx, store.Accounts, vox.Account{ID: 2, Name: "other", Currency: "USD"})
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	b.store.Observe(func(tx *store.Tx) error {
		var ids []int64
		account := int64(0)
		for r := range store.Changes(tx, store.Registrations) {
			ids, account = append(ids, r.ID), r.AccountID
		}
		got = append(got, fmt.Sprintf("%s: %d of account %d, %d to %d", tx.Now().Sub(noon), len(ids), account, ids[0], ids[len(ids)-1]))
		return nil
	})
	if err := b.until(noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"0s: 32 of account 1, 2 to 64", "0s: 3 of account 1, 66 to 70", "0s: 32 of account 2, 1 to 63", "0s: 3 of account 2, 65 to 69",
		"1ns: 5 of account 1, 72 to 80", "1ns: 5 of account 2, 71 to 79",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("transactions (-want +got):\n%s", diff)
	}
}

func TestCreditCountsAsMoney(t *testing.T) {
	b := newBank(vox.Account{CreditLimit: vox.MustParseMoney("2.40")}, terms())
	follow(t, b, []step{
		{creating, "-1.20 + 1.20, 1 successful until 2026-02-28"},
		{on("2026-02-28 00:00:00"), "-2.40 + 1.20, 1 successful until 2026-03-31"},
		{on("2026-03-31 00:00:00"), "-2.40 + 0.00, 1 frozen until 2026-03-31"},
		{paying("1"), "-1.40 + 0.00, 1 frozen until 2026-03-31"},
		{paying("0.20"), "-2.40 + 1.20, 1 successful until 2026-04-30"},
	})
}

func TestDeletingChargesTheMonthOnHold(t *testing.T) {
	costly := terms()
	costly.InstallationFee = vox.MustParseMoney("2")
	b := newBank(vox.Account{Balance: vox.MustParseMoney("10")}, costly)
	follow(t, b, []step{
		{creating, "6.40 + 1.20, 1 successful until 2026-02-28"},
		{on("2026-02-10 00:00:00"), "6.40 + 1.20, 1 successful until 2026-02-28"},
		{deleting(1), "6.40 + 0.00"},
		{on("2026-03-31 00:00:00"), "6.40 + 0.00"},
	})
}

func TestAFrozenRegistrationMayBeDeleted(t *testing.T) {
	follow(t, newBank(vox.Account{Balance: vox.MustParseMoney("1.20")}, terms()), []step{
		{creating, "0.00 + 1.20, 1 successful until 2026-02-28"},
		{on("2026-02-28 00:00:00"), "0.00 + 0.00, 1 frozen until 2026-02-28"},
		{deleting(1), "0.00 + 0.00"},
		{on("2026-05-01 00:00:00"), "0.00 + 0.00"},
	})
}

func TestCreateAsksForInstallationFeeMonthlyFeeAndTaxes(t *testing.T) {
	costly := terms()
	costly.InstallationFee = vox.MustParseMoney("2") // 2.40 with tax, plus 1.20 for the month
	for _, c := range []struct {
		balance, credit string
		want            error
	}{
		{"3.60", "0", nil}, {"3.59", "0", vox.ErrInsufficientMoney}, {"0", "3.60", nil}, {"3", "0.60", nil},
		{"3", "0.59", vox.ErrInsufficientMoney}, {"-1", "4", vox.ErrInsufficientMoney},
	} {
		b := newBank(vox.Account{Balance: vox.MustParseMoney(c.balance), CreditLimit: vox.MustParseMoney(c.credit)}, costly)
		before := b.state()
		reply, err := b.create()
		if !errors.Is(err, c.want) {
			t.Errorf("balance %s, credit %s: %v, want %v", c.balance, c.credit, err, c.want)
		}
		if diff := cmp.Diff(before, b.state()); err != nil && diff != "" {
			t.Errorf("balance %s, credit %s: the refusal left a trace:\n%s", c.balance, c.credit, diff)
		}
		want := vox.MustParseMoney(c.balance).Sub(vox.MustParseMoney("3.60"))
		if got := reply.AccountInfo.Balance; err == nil && !got.Equal(want) {
			t.Errorf("balance %s: the reply says %s, want %s", c.balance, got, want)
		}
	}
}

func TestAnAccountHasAsManyRegistrationsAsItsLimitSays(t *testing.T) {
	for limit, want := range map[int64]int{0: 5, 1: 1, 3: 3} {
		b := newBank(vox.Account{Balance: vox.MustParseMoney("100"), MaxSIPRegistrations: limit}, terms())
		made := 0
		for range 5 {
			switch _, err := b.create(); {
			case err == nil:
				made++
			case !errors.Is(err, vox.ErrTooManyRegistrations):
				t.Fatal(err)
			}
		}
		if made != want {
			t.Errorf("limit %d: made %d of 5, want %d", limit, made, want)
		}
		if err := b.delete(1); err != nil {
			t.Fatal(err)
		}
		if _, err := b.create(); err != nil {
			t.Errorf("limit %d: after a deletion: %v", limit, err)
		}
	}
}

func TestFrozenRegistrationsCountForTheLimit(t *testing.T) {
	b := newBank(vox.Account{Balance: vox.MustParseMoney("1.20"), MaxSIPRegistrations: 1}, terms())
	follow(t, b, []step{
		{creating, "0.00 + 1.20, 1 successful until 2026-02-28"},
		{on("2026-02-28 00:00:00"), "0.00 + 0.00, 1 frozen until 2026-02-28"},
	})
	if _, err := b.create(); !errors.Is(err, vox.ErrTooManyRegistrations) {
		t.Errorf("%v, want %v", err, vox.ErrTooManyRegistrations)
	}
}

func TestRegistrationsWithoutAPriceRenewForNothing(t *testing.T) {
	b := newBank(vox.Account{}, vox.Billing{})
	follow(t, b, []step{
		{creating, "0.00 + 0.00, 1 successful until 2026-02-28"},
		{on("2026-03-31 00:00:00"), "0.00 + 0.00, 1 successful until 2026-04-30"},
	})
	if n := len(b.state().Transactions); n != 0 {
		t.Errorf("%d transactions for nothing", n)
	}
}
