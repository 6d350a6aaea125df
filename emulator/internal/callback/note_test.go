package callback_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/internal/callback"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// nowhere is an address to which the deliverer never connects, because delivery is paused
// in these tests.
const nowhere = "http://127.0.0.1:1/"

func newQuietWorld(t tb) *world {
	w := newWorld(t, nowhere)
	w.deliverer.Pause()
	t.Cleanup(w.deliverer.Resume)
	return w
}

func (w *world) typesAndDetails() []string {
	w.Helper()
	var list []string
	for _, c := range w.callbacks() {
		list = append(list, fmt.Sprintf("%d %s %s", c.AccountID, c.Type, c.Detail))
	}
	return list
}

type change struct{ before, after func(*vox.Registration) }

func TestChangesOfARegistrationAreSentToItsAccount(t *testing.T) {
	state := func(s vox.State, failing bool) func(*vox.Registration) {
		return func(r *vox.Registration) {
			r.State, r.Failing = s, failing
			if s == vox.Failed {
				r.StatusCode, r.ErrorMessage = 403, "Forbidden"
			}
		}
	}
	renews := func(at time.Time, deactivated bool) func(*vox.Registration) {
		return func(r *vox.Registration) { r.NextRenewal, r.Deactivated = at, deactivated }
	}
	february, march := noon.AddDate(0, 0, 28), noon.AddDate(0, 0, 59)
	subscription := `{"subscriptions":[{"type":"SIP_REGISTRATION","name":"SIP registration",%s"details":[{"type":"SIP_REGISTRATION","sip_registrations":[{"sip_registration_id":5}]}]}]}`
	for why, c := range map[string]struct {
		change
		want string
	}{
		"fails": {change{state(vox.InProgress, false), state(vox.Failed, false)},
			`sip_registration_fail {"sip_registrations":[{"sip_registration_id":5,"status_code":"403","error_message":"Forbidden"}]}`},
		"fails when asked again":      {change{state(vox.Failed, true), state(vox.Failed, true)}, ""},
		"is asked again after it":     {change{state(vox.Failed, true), state(vox.InProgress, true)}, ""},
		"fails after being asked":     {change{state(vox.InProgress, true), state(vox.Failed, true)}, ""},
		"succeeds":                    {change{state(vox.InProgress, false), state(vox.Successful, false)}, ""},
		"stays successful":            {change{state(vox.Successful, false), state(vox.Successful, false)}, ""},
		"recovers":                    {change{state(vox.Failed, true), state(vox.Successful, true)}, `sip_registration_recovered {"sip_registrations":[{"sip_registration_id":5}]}`},
		"recovers after being asked":  {change{state(vox.InProgress, true), state(vox.Successful, true)}, `sip_registration_recovered {"sip_registrations":[{"sip_registration_id":5}]}`},
		"renews":                      {change{renews(february, false), renews(march, false)}, "renewed_subscriptions " + fmt.Sprintf(subscription, `"cost":1.50,"next_renewal":"2026-03-31",`)},
		"is thawed":                   {change{renews(february, true), renews(march, false)}, "renewed_subscriptions " + fmt.Sprintf(subscription, `"cost":1.50,"next_renewal":"2026-03-31",`)},
		"is thawed in the same month": {change{renews(february, true), renews(february, false)}, ""},
		"is frozen":                   {change{renews(february, false), renews(february, true)}, "subscription_is_frozen " + fmt.Sprintf(subscription, `"cost":1.50,`)},
		"stays frozen":                {change{renews(february, true), renews(march, true)}, ""},
		"is deleted":                  {change{renews(february, false), nil}, ""},
		"is deleted while frozen":     {change{renews(february, true), nil}, ""},
		"is deleted before its detachment": {change{func(r *vox.Registration) {
			r.Deactivated, r.DetachDate = true, noon.Add(time.Second)
		}, nil}, ""},
		"is detached": {change{func(r *vox.Registration) { r.Deactivated, r.DetachDate = true, noon }, nil},
			"subscription_is_detached " + fmt.Sprintf(subscription, "")},
		"is made":       {change{nil, renews(february, false)}, ""},
		"is made again": {change{nil, renews(february, true)}, ""},
	} {
		t.Run(why, func(t *testing.T) {
			w := newQuietWorld(t)
			row := vox.Registration{ID: 5, AccountID: 1, State: vox.Successful, Price: vox.MustParseMoney("1.5")}
			if c.before != nil {
				c.before(&row)
				seed(w, row)
			}
			w.write(func(tx *store.Tx) error {
				if c.after == nil {
					store.Delete(tx, store.Registrations, 5)
					return nil
				}
				c.after(&row)
				return store.Put(tx, store.Registrations, row)
			})
			var want []string
			if c.want != "" {
				want = []string{"1 " + c.want}
			}
			if diff := cmp.Diff(want, w.typesAndDetails()); diff != "" {
				t.Errorf("callbacks (-want +got):\n%s", diff)
			}
		})
	}
}

// seed stores a row as a scenario does.
func seed(w *world, rows ...vox.Registration) {
	w.Helper()
	var accounts []vox.Account
	w.write(func(tx *store.Tx) error {
		for a := range store.All(tx, store.Accounts) {
			accounts = append(accounts, a)
		}
		return nil
	})
	err := w.store.Replace(noon, func(tx *store.Tx) error {
		for _, a := range accounts {
			if err := store.Put(tx, store.Accounts, a); err != nil {
				return err
			}
		}
		for _, r := range rows {
			if err := store.Put(tx, store.Registrations, r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
}

func TestChangesOfAnAccountAreSentToIt(t *testing.T) {
	type account struct {
		balance, credit, notify string
		frozen                  bool
	}
	const plain, credit = `min_balance {"is_min_credit":false,"is_repeated":false}`, `min_balance {"is_min_credit":true,"is_repeated":false}`
	for why, c := range map[string]struct {
		before, after account
		want          string
	}{
		"falls below":              {account{balance: "5", notify: "5"}, account{balance: "4.99", notify: "5"}, plain},
		"falls to it":              {account{balance: "6", notify: "5"}, account{balance: "5", notify: "5"}, ""},
		"falls further":            {account{balance: "4", notify: "5"}, account{balance: "3", notify: "5"}, ""},
		"rises":                    {account{balance: "3", notify: "5"}, account{balance: "4", notify: "5"}, ""},
		"the threshold rises":      {account{balance: "5", notify: "5"}, account{balance: "5", notify: "6"}, ""},
		"falls below 0":            {account{balance: "0", credit: "9"}, account{balance: "-1", credit: "9"}, plain},
		"uses up the credit":       {account{balance: "-5", credit: "10", notify: "5"}, account{balance: "-5.01", credit: "10", notify: "5"}, credit},
		"leaps over both":          {account{balance: "9", credit: "10", notify: "5"}, account{balance: "-6", credit: "10", notify: "5"}, credit},
		"uses credit without mark": {account{balance: "-5", credit: "10"}, account{balance: "-9", credit: "10"}, ""},
		"is frozen":                {account{}, account{frozen: true}, "account_is_frozen {}"},
		"is unfrozen":              {account{frozen: true}, account{}, "account_is_unfrozen {}"},
		"stays frozen":             {account{frozen: true}, account{frozen: true, balance: "1"}, ""},
	} {
		t.Run(why, func(t *testing.T) {
			make := func(a account) vox.Account {
				amount := func(text string) vox.Money { return vox.MustParseMoney("0" + text) }
				if strings.HasPrefix(a.balance, "-") {
					return vox.Account{ID: 7, Name: "x", CallbackURL: nowhere, Balance: vox.MustParseMoney(a.balance), CreditLimit: amount(a.credit), MinBalanceToNotify: amount(a.notify)}
				}
				return vox.Account{ID: 7, Name: "x", CallbackURL: nowhere, Balance: amount(a.balance), CreditLimit: amount(a.credit), MinBalanceToNotify: amount(a.notify), Frozen: a.frozen}
			}
			w := newQuietWorld(t)
			w.write(func(tx *store.Tx) error { return store.Put(tx, store.Accounts, make(c.before)) })
			w.write(func(tx *store.Tx) error { return store.Put(tx, store.Accounts, make(c.after)) })
			var want []string
			if c.want != "" {
				want = []string{"7 " + c.want}
			}
			if diff := cmp.Diff(want, w.typesAndDetails()); diff != "" {
				t.Errorf("callbacks (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLikesOfOneTransactionAreListedInOneCallbackAndTheRestInOneBatch(t *testing.T) {
	w := newQuietWorld(t)
	w.put(
		vox.Registration{ID: 1, AccountID: 1, State: vox.Successful},
		vox.Registration{ID: 2, AccountID: 2, State: vox.Successful},
		vox.Registration{ID: 3, AccountID: 1, State: vox.Successful},
	)
	frozen := func(r vox.Registration) vox.Registration { r.Deactivated = true; return r }
	w.write(func(tx *store.Tx) error {
		account, _ := store.Get(tx, store.Accounts, 1)
		account.Frozen = true
		for _, err := range []error{
			store.Put(tx, store.Registrations, frozen(failed(1, 3))), store.Put(tx, store.Registrations, failed(1, 1)),
			store.Put(tx, store.Registrations, failed(2, 2)), store.Put(tx, store.Accounts, account),
		} {
			if err != nil {
				return err
			}
		}
		return nil
	})
	var got []string
	for _, c := range w.callbacks() {
		got = append(got, fmt.Sprintf("%d: account %d, batch %d, %s of %d", c.ID, c.AccountID, c.Batch, c.Type, strings.Count(c.Detail, "sip_registration_id")))
	}
	want := []string{
		"1: account 1, batch 1, sip_registration_fail of 2",
		"2: account 1, batch 1, subscription_is_frozen of 1",
		"3: account 1, batch 1, account_is_frozen of 0",
		"4: account 2, batch 4, sip_registration_fail of 1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("callbacks (-want +got):\n%s", diff)
	}
}

func TestLoadingAStateTellsNobody(t *testing.T) {
	w := newQuietWorld(t)
	seed(w, failed(1, 1))
	if got := w.typesAndDetails(); got != nil {
		t.Errorf("callbacks %v", got)
	}
}

func TestATransactionThatFailsTellsNobody(t *testing.T) {
	w := newQuietWorld(t)
	broken := errors.New("broken")
	err := w.store.Write(noon, func(tx *store.Tx) error {
		if err := store.Put(tx, store.Registrations, failed(1, 1)); err != nil {
			return err
		}
		return broken
	})
	if got := w.typesAndDetails(); got != nil || !errors.Is(err, broken) {
		t.Errorf("callbacks %v, error %v", got, err)
	}
}

func TestAnAccountWithoutURLHasNoCallbacksLaterEither(t *testing.T) {
	w := newQuietWorld(t)
	w.put(failed(3, 1))
	w.write(func(tx *store.Tx) error {
		a, _ := store.Get(tx, store.Accounts, 3)
		a.CallbackURL = nowhere
		return store.Put(tx, store.Accounts, a)
	})
	r := failed(3, 1)
	r.Failing = true
	w.put(r)
	if got := w.typesAndDetails(); got != nil {
		t.Errorf("callbacks %v", got)
	}
}

func TestCallbacksThatFindTheQueueFullAreDroppedLoudly(t *testing.T) {
	w := newWorld(t, nowhere, func(c *callback.Config) { c.Limit = 2 })
	w.deliverer.Pause()
	defer w.deliverer.Resume()
	w.fail(1, 2, 3)
	w.put(failed(2, 4)) // of another account
	want := []outcome{{1, vox.CallbackQueued, 0}, {2, vox.CallbackQueued, 0}, {3, vox.CallbackDropped, 0}, {4, vox.CallbackQueued, 0}}
	if diff := cmp.Diff(want, w.outcomes()); diff != "" {
		t.Errorf("callbacks (-want +got):\n%s", diff)
	}
	if !strings.Contains(w.log.String(), `level=ERROR msg="callback dropped" callback=3`) {
		t.Errorf("the log does not say so:\n%s", &w.log)
	}
}

func TestOldCallbacksThatAreDoneAreForgotten(t *testing.T) {
	w := newQuietWorld(t)
	old := vox.Callback{AccountID: 1, Type: vox.AccountFrozen, Detail: "{}", State: vox.CallbackDelivered}
	w.write(func(tx *store.Tx) error {
		for id := int64(1); id <= 10_000; id++ {
			old.ID, old.Batch = id, id
			if id == 2 {
				waits := old
				waits.State = vox.CallbackQueued
				if err := store.Put(tx, store.Callbacks, waits); err != nil {
					return err
				}
				continue
			}
			if err := store.Put(tx, store.Callbacks, old); err != nil {
				return err
			}
		}
		return nil
	})
	w.fail(1, 2, 3)
	var left []int64
	for _, c := range w.callbacks()[:2] {
		left = append(left, c.ID)
	}
	if diff := cmp.Diff([]int64{2, 4}, left); diff != "" {
		t.Errorf("the oldest ones left (-want +got):\n%s", diff)
	}
}
