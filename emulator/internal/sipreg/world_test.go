package sipreg_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/sipreg"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

var noon = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

// world is the state of these tests: account 1 owns application 10 (rule 11, user 12) and
// application 20 (rule 21, user 22); account 2 owns application 30. Registrations 1 to 3
// belong to account 1, registration 4 to account 2.
type world struct {
	*testing.T
	store  *store.Store
	now    time.Time
	events int // run by pass
}

var owner = vox.Principal{AccountID: 1, Unlimited: true}

func newWorld(t *testing.T, change ...func(*vox.Settings)) *world {
	t.Helper()
	w := &world{T: t, store: store.New(), now: noon}
	settings := vox.Settings{}
	for _, c := range change {
		c(&settings)
	}
	err := w.store.Replace(noon, func(tx *store.Tx) error { return populate(tx, settings) })
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func populate(tx *store.Tx, settings vox.Settings) error {
	tx.SetSettings(settings)
	hundred, err := vox.ParseMoney("100")
	if err != nil {
		return err
	}
	for _, put := range []func() error{
		func() error {
			return store.Put(tx, store.Accounts, vox.Account{ID: 1, Name: "demo", Currency: "USD", Balance: hundred})
		},
		func() error {
			return store.Put(tx, store.Accounts, vox.Account{ID: 2, Name: "other", Currency: "EUR", Balance: hundred})
		},
		func() error {
			return store.Put(tx, store.Applications, vox.Application{ID: 10, AccountID: 1, Name: "myapp"})
		},
		func() error {
			return store.Put(tx, store.Applications, vox.Application{ID: 20, AccountID: 1, Name: "shop"})
		},
		func() error {
			return store.Put(tx, store.Applications, vox.Application{ID: 30, AccountID: 2, Name: "myapp"})
		},
		func() error {
			return store.Put(tx, store.Rules, vox.Rule{ID: 11, AccountID: 1, ApplicationID: 10, Name: "inbound"})
		},
		func() error {
			return store.Put(tx, store.Rules, vox.Rule{ID: 21, AccountID: 1, ApplicationID: 20, Name: "inbound"})
		},
		func() error {
			return store.Put(tx, store.Users, vox.User{ID: 12, AccountID: 1, ApplicationID: 10, Name: "alice"})
		},
		func() error {
			return store.Put(tx, store.Users, vox.User{ID: 22, AccountID: 1, ApplicationID: 20, Name: "bob"})
		},
		func() error { return store.Put(tx, store.Registrations, registration(1, 1)) },
		func() error { return store.Put(tx, store.Registrations, registration(2, 1)) },
		func() error { return store.Put(tx, store.Registrations, registration(3, 1)) },
		func() error { return store.Put(tx, store.Registrations, registration(4, 2)) },
	} {
		if err := put(); err != nil {
			return err
		}
	}
	return nil
}

func registration(id, account int64) vox.Registration {
	return vox.Registration{
		ID: id, AccountID: account, SIPUsername: "user", Proxy: "pbx.example.com",
		State: vox.Successful, StatusCode: 200, LastUpdated: noon.Add(-time.Hour), PurchaseDate: noon.Add(-time.Hour),
	}
}

// do calls a method in one transaction, as the emulator does.
func do[P, R any](w *world, method func(*store.Tx, vox.Principal, P) (R, error), p P) (R, error) {
	w.Helper()
	var reply R
	err := w.store.Write(w.now, func(tx *store.Tx) (err error) {
		reply, err = method(tx, owner, p)
		return err
	})
	return reply, err
}

// must is do for calls that must succeed.
func must[P, R any](w *world, method func(*store.Tx, vox.Principal, P) (R, error), p P) R {
	w.Helper()
	reply, err := do(w, method, p)
	if err != nil {
		w.Fatal(err)
	}
	return reply
}

func (w *world) registration(id int64) vox.Registration {
	w.Helper()
	var found vox.Registration
	err := w.store.Read(w.now, func(tx *store.Tx) error {
		var ok bool
		if found, ok = store.Get(tx, store.Registrations, id); !ok {
			w.Fatalf("registration %d is gone", id)
		}
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
	return found
}

// bound returns the application, rule and user of a registration.
func (w *world) bound(id int64) [3]int64 {
	w.Helper()
	r := w.registration(id)
	return [3]int64{r.ApplicationID, r.RuleID, r.UserID}
}

// pass moves the time and runs each event that becomes due at its own time.
func (w *world) pass(d time.Duration) {
	w.Helper()
	target := w.now.Add(d)
	for at, ok := w.next(); ok && !at.After(target); at, ok = w.next() {
		w.events++
		w.change(at, sipreg.RunNext)
	}
	w.now = target
}

func (w *world) next() (at time.Time, ok bool) {
	w.Helper()
	err := w.store.Read(w.now, func(tx *store.Tx) error {
		at, ok = sipreg.NextDue(tx)
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
	return at, ok
}

func (w *world) change(at time.Time, fn func(*store.Tx) error) {
	w.Helper()
	if err := w.store.Write(at, fn); err != nil {
		w.Fatal(err)
	}
}

func (w *world) create(p sipreg.CreateParams) int64 {
	w.Helper()
	return must(w, sipreg.Create, p).ID
}

// story moves the time and returns each visible change of a registration: the time since
// the start and the new state.
func (w *world) story(id int64, length time.Duration) []string {
	w.Helper()
	began, end := w.now, w.now.Add(length)
	var states []string
	for last := ""; ; {
		r := w.registration(id)
		now := string(r.State)
		if r.StatusCode != 0 {
			now = strings.TrimSpace(fmt.Sprintf("%s %d %s", r.State, r.StatusCode, r.ErrorMessage))
		}
		if now != last {
			states, last = append(states, fmt.Sprintf("%v %s", w.now.Sub(began), now)), now
		}
		at, ok := w.next()
		if !ok || at.After(end) {
			w.now = end
			return states
		}
		w.pass(at.Sub(w.now))
	}
}

func sip(name, proxy string) sipreg.Identity { return sipreg.Identity{SIPUsername: name, Proxy: proxy} }
