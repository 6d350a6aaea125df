package sipreg_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/sipreg"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

func slowly(s *vox.Settings) { s.Registrar.Delay = 5 * time.Second }

func TestACreatedRegistrationIsInProgressUntilTheRegistrarAnswers(t *testing.T) {
	w := newWorld(t, slowly)
	id := must(w, sipreg.Create, sipreg.CreateParams{Identity: sip("sales", "pbx.example.com"), IsPersistent: true}).ID
	w.pass(5*time.Second - 1)
	if r := w.registration(id); r.State != vox.InProgress || r.StatusCode != 0 {
		t.Errorf("before the delay: %s %d, want in progress without a code", r.State, r.StatusCode)
	}
	w.pass(1)
	r := w.registration(id)
	if r.State != vox.Successful || r.StatusCode != 200 || !r.Due.IsZero() {
		t.Errorf("after the delay: %s %d due %v, want successful 200 for good", r.State, r.StatusCode, r.Due)
	}
	if want := noon.Add(5 * time.Second); !r.LastUpdated.Equal(want) {
		t.Errorf("last updated %v, want %v", r.LastUpdated, want)
	}
}

func TestAnAnswerThatTakesNoTimeIsThereWhenTheCreateIs(t *testing.T) {
	w := newWorld(t)
	transactions := 0
	w.store.Observe(func(*store.Tx) error { transactions++; return nil })
	id := w.create(at("sip-403.test"))
	if r := w.registration(id); r.State != vox.Failed || r.StatusCode != 403 || transactions != 2 {
		t.Errorf("%s %d after %d transactions, want failed 403 after two", r.State, r.StatusCode, transactions)
	}
}

// A row of a scenario can have an overdue renewal. The clock runs both events in order.
func TestAnOverdueRenewalComesBeforeTheAnswer(t *testing.T) {
	w := newWorld(t)
	overdue := registration(5, 1)
	overdue.State, overdue.NextRenewal = "", noon.Add(-1)
	w.put(overdue)
	w.change(noon, func(tx *store.Tx) error { return sipreg.StartNew(tx, []vox.Registration{overdue}) })
	if r := w.registration(5); r.State != vox.InProgress || !r.Due.Equal(noon) {
		t.Errorf("%s, due %v; want in progress, due now", r.State, r.Due)
	}
}

func TestANonPersistentRegistrationDoesNotRegisterByItself(t *testing.T) {
	w := newWorld(t)
	id := must(w, sipreg.Create, sipreg.CreateParams{Identity: sip("sales", "pbx.example.com")}).ID
	w.pass(time.Hour)
	if r := w.registration(id); r.State != vox.Offline || !r.NonPersistent {
		t.Errorf("state %s, non-persistent %v", r.State, r.NonPersistent)
	}
}

func TestCreateKeepsWhatWasAskedFor(t *testing.T) {
	fee, err := vox.ParseMoney("1.00")
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, slowly, func(s *vox.Settings) { s.Billing.MonthlyFee = fee })
	reply := must(w, sipreg.Create, sipreg.CreateParams{
		Identity: sipreg.Identity{SIPUsername: "sales", Proxy: "pbx.example.com", AuthUser: "auth", OutboundProxy: "out.example.com", Password: "secret"},
		Target:   sipreg.Target{ApplicationID: 10, RuleID: 11, UserID: 12}, IsPersistent: true,
	})
	want := vox.Registration{
		ID: reply.ID, AccountID: 1, SIPUsername: "sales", Proxy: "pbx.example.com", AuthUser: "auth",
		OutboundProxy: "out.example.com", Password: "secret", ApplicationID: 10, RuleID: 11, UserID: 12,
		State: vox.InProgress, NeverSuccessful: true, LastUpdated: noon, PurchaseDate: noon, Due: noon.Add(5 * time.Second), Price: fee, MoneyOnHold: fee,
		NextRenewal: time.Date(2026, 2, 28, 0, 0, 0, 0, time.UTC), RenewalDay: 31,
	}
	if diff := cmp.Diff(want, w.registration(reply.ID)); diff != "" {
		t.Errorf("registration (-want +got):\n%s", diff)
	}
	if reply.ID <= 4 || reply.Result != 1 || reply.AccountInfo.AccountID != 1 {
		t.Errorf("reply %+v", reply)
	}
}

func TestUpdateLeavesWhatIsEmpty(t *testing.T) {
	w := newWorld(t)
	before := w.registration(1)
	must(w, sipreg.Update, sipreg.UpdateParams{ID: 1, Target: sipreg.Target{ApplicationID: 10}})
	want := before
	want.ApplicationID = 10
	if diff := cmp.Diff(want, w.registration(1)); diff != "" {
		t.Errorf("registration (-want +got):\n%s", diff)
	}
}

func TestNewCredentialsOrServersStartTheRegistrationOver(t *testing.T) {
	for why, change := range map[string]sipreg.Identity{
		"username": {SIPUsername: "new"}, "proxy": {Proxy: "new.example.com"}, "auth user": {AuthUser: "new"},
		"password": {Password: "new"}, "outbound proxy": {OutboundProxy: "new.example.com"},
	} {
		w := newWorld(t, slowly)
		must(w, sipreg.Update, sipreg.UpdateParams{ID: 1, Identity: change})
		if r := w.registration(1); r.State != vox.InProgress || r.StatusCode != 0 || !r.LastUpdated.Equal(noon) {
			t.Errorf("%s: %s %d, last updated %v", why, r.State, r.StatusCode, r.LastUpdated)
		}
	}
}

func TestTheSameValuesDoNotStartTheRegistrationOver(t *testing.T) {
	w := newWorld(t)
	must(w, sipreg.Update, sipreg.UpdateParams{ID: 1, Identity: sip("user", "pbx.example.com")})
	if r := w.registration(1); r.State != vox.Successful {
		t.Errorf("state %s, want successful", r.State)
	}
}

func TestAFrozenRegistrationStaysOfflineWhenUpdated(t *testing.T) {
	w := newWorld(t)
	frozen := registration(5, 1)
	frozen.Deactivated, frozen.State, frozen.StatusCode = true, vox.Offline, 0
	w.put(frozen)
	must(w, sipreg.Update, sipreg.UpdateParams{ID: 5, Identity: sip("new", "")})
	if r := w.registration(5); r.State != vox.Offline || !r.Due.IsZero() {
		t.Errorf("state %s, due %v", r.State, r.Due)
	}
}

func TestDeletedRegistrationsAreGoneAndTheirIDsAreNotReused(t *testing.T) {
	w := newWorld(t)
	create := sipreg.CreateParams{Identity: sip("sales", "pbx.example.com"), IsPersistent: true}
	first := must(w, sipreg.Create, create).ID
	must(w, sipreg.Delete, sipreg.DeleteParams{ID: first})
	if _, err := do(w, sipreg.Delete, sipreg.DeleteParams{ID: first}); !errors.Is(err, vox.ErrInvalidRegistrationID) {
		t.Errorf("deleting twice: %v", err)
	}
	if second := must(w, sipreg.Create, create).ID; second <= first {
		t.Errorf("id %d after %d", second, first)
	}
}

func TestRegistrationsOfAnotherAccountLookUnknown(t *testing.T) {
	w := newWorld(t)
	_, update := do(w, sipreg.Update, sipreg.UpdateParams{ID: 4})
	_, binding := do(w, sipreg.Bind, bind(4, sipreg.Target{ApplicationID: 10}))
	_, unbinding := do(w, sipreg.Bind, unbind(4, sipreg.Target{}))
	_, deleting := do(w, sipreg.Delete, sipreg.DeleteParams{ID: 4})
	for why, err := range map[string]error{"update": update, "bind": binding, "unbind": unbinding, "delete": deleting} {
		if !errors.Is(err, vox.ErrInvalidRegistrationID) {
			t.Errorf("%s: %v, want %v", why, err, vox.ErrInvalidRegistrationID)
		}
	}
	if got := len(must(w, sipreg.List, sipreg.ListParams{Page: query.Page{Count: 100}}).Result); got != 3 {
		t.Errorf("listed %d registrations, want the account's 3", got)
	}
}
