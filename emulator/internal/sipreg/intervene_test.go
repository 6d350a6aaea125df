package sipreg_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/internal/sipreg"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

func (w *world) login(user int64) {
	w.Helper()
	w.change(w.now, func(tx *store.Tx) error { return sipreg.Login(tx, user) })
}

func (w *world) logout(user int64) {
	w.Helper()
	w.change(w.now, func(tx *store.Tx) error { return sipreg.Logout(tx, user) })
}

func (w *world) answer(id, status int64, reason string) error {
	return w.store.Write(w.now, func(tx *store.Tx) error { return sipreg.Answer(tx, id, status, reason) })
}

// alices creates a non-persistent registration bound to user 12.
func alices(w *world, proxy string) int64 {
	w.Helper()
	return w.create(sipreg.CreateParams{Identity: sip("alice", proxy), Target: sipreg.Target{ApplicationID: 10, UserID: 12}})
}

func TestANonPersistentRegistrationFollowsItsUsersLogin(t *testing.T) {
	w := newWorld(t)
	id := alices(w, "pbx.example.com")
	state := func(want vox.State) {
		t.Helper()
		w.pass(0)
		if r := w.registration(id); r.State != want {
			t.Errorf("%s, want %s", r.State, want)
		}
	}
	state(vox.Offline)
	w.login(12)
	state(vox.Successful)
	w.pass(time.Hour)
	w.login(12) // no change: already logged in
	if r := w.registration(id); r.State != vox.Successful || !r.LastUpdated.Equal(noon) {
		t.Errorf("after a second login %s, last updated %v", r.State, r.LastUpdated)
	}
	w.logout(12)
	w.logout(12)
	state(vox.Offline)
	if r := w.registration(id); r.StatusCode != 0 || !r.Due.IsZero() {
		t.Errorf("offline with status %d, due %v", r.StatusCode, r.Due)
	}
	w.login(12)
	state(vox.Successful)
}

func TestANonPersistentRegistrationGoesOfflineWithoutItsUser(t *testing.T) {
	for why, lose := range map[string]func(w *world, id int64){
		"unbound by user":        func(w *world, _ int64) { must(w, sipreg.Bind, unbind(0, sipreg.Target{UserID: 12})) },
		"unbound by application": func(w *world, id int64) { must(w, sipreg.Bind, unbind(id, sipreg.Target{ApplicationID: 10})) },
		"user bound elsewhere": func(w *world, _ int64) {
			must(w, sipreg.Bind, bind(1, sipreg.Target{ApplicationID: 10, UserID: 12}))
		},
		"moved to a user who is not logged in": func(w *world, id int64) {
			must(w, sipreg.Bind, bind(id, sipreg.Target{ApplicationID: 20, UserID: 22}))
		},
		"moved by update": func(w *world, id int64) {
			must(w, sipreg.Update, sipreg.UpdateParams{ID: id, Target: sipreg.Target{ApplicationID: 20}})
		},
	} {
		w := newWorld(t)
		id := alices(w, "pbx.example.com")
		w.login(12)
		w.pass(time.Minute)
		lose(w, id)
		if r := w.registration(id); r.State != vox.Offline || !r.LastUpdated.Equal(w.now) {
			t.Errorf("%s: %s, last updated %v", why, r.State, r.LastUpdated)
		}
	}
}

func TestANonPersistentRegistrationStartsOverForAnotherLoggedInUser(t *testing.T) {
	w := newWorld(t, slowly)
	id := alices(w, "pbx.example.com")
	w.login(12)
	w.login(22)
	w.pass(time.Minute)
	must(w, sipreg.Bind, bind(id, sipreg.Target{ApplicationID: 20, UserID: 22}))
	if r := w.registration(id); r.State != vox.InProgress {
		t.Errorf("%s, want in progress", r.State)
	}
}

func TestAPersistentRegistrationDoesNotCareWhoIsLoggedIn(t *testing.T) {
	w := newWorld(t)
	id := w.create(sipreg.CreateParams{Identity: sip("a", "b"), Target: sipreg.Target{ApplicationID: 10, UserID: 12}, IsPersistent: true})
	w.pass(time.Minute)
	before := w.registration(id)
	w.login(12)
	w.logout(12)
	if diff := cmp.Diff(before, w.registration(id)); diff != "" {
		t.Errorf("registration (-before +after):\n%s", diff)
	}
}

func TestANonPersistentRegistrationIsNotRetried(t *testing.T) {
	w := newWorld(t)
	id := alices(w, "sip-503-then-200.test")
	w.login(12)
	w.pass(year)
	if r := w.registration(id); r.State != vox.Failed {
		t.Errorf("%s, want it failed until the next login", r.State)
	}
}

func TestAnUnknownUserCannotLogIn(t *testing.T) {
	w := newWorld(t)
	for _, do := range []func(*store.Tx, int64) error{sipreg.Login, sipreg.Logout} {
		if err := w.store.Write(w.now, func(tx *store.Tx) error { return do(tx, 99) }); !errors.Is(err, vox.ErrInvalidUserID) {
			t.Errorf("%v, want %v", err, vox.ErrInvalidUserID)
		}
	}
}

func TestAForcedAnswerChangesTheStateAtOnceAndTheRegistrarGoesOnByItsRules(t *testing.T) {
	for _, c := range []struct {
		proxy  string
		status int64
		reason string
		want   []string
	}{
		{"pbx.example.com", 403, "", []string{"0s failed 403 Forbidden", "1m0s successful 200"}},
		{"pbx.example.com", 403, "Go away", []string{"0s failed 403 Go away", "1m0s successful 200"}},
		{"pbx.example.com", 200, "", []string{"0s successful 200"}},
		{"sip-503.test", 200, "", []string{"0s successful 200", "54m0s failed 503 Service Unavailable"}},
		{"sip-503.test", 503, "", []string{"0s failed 503 Service Unavailable"}},
		{"sip-503-then-404-then-200.test", 603, "", []string{
			"0s failed 603 Decline", "1m0s failed 503 Service Unavailable", "2m0s failed 404 Not Found", "4m0s successful 200"}},
	} {
		w := newWorld(t)
		r := registration(5, 1)
		r.Proxy, r.State, r.StatusCode = c.proxy, vox.InProgress, 0
		w.put(r)
		if err := w.answer(5, c.status, c.reason); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, w.story(5, year)); diff != "" {
			t.Errorf("%s answers %d (-want +got):\n%s", c.proxy, c.status, diff)
		}
	}
}

func TestAForcedAnswerThatChangesNothingLeavesLastUpdated(t *testing.T) {
	w := newWorld(t)
	w.pass(time.Minute)
	before := w.registration(1)
	if err := w.answer(1, 200, "whatever"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, w.registration(1)); diff != "" {
		t.Errorf("registration (-before +after):\n%s", diff)
	}
}

func TestForcedAnswersThatAreRefused(t *testing.T) {
	w := newWorld(t)
	frozen := registration(5, 1)
	frozen.Deactivated, frozen.State, frozen.StatusCode = true, vox.Offline, 0
	w.put(frozen)
	waiting := alices(w, "pbx.example.com")
	gone := registration(7, 1)
	w.put(gone)
	if err := w.store.Write(noon, func(tx *store.Tx) error {
		store.Delete(tx, store.Registrations, 7)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		id, status int64
		reason     string
		want       error
		text       string
	}{
		{7, 403, "", vox.ErrInvalidRegistrationID, "there is no registration 7 any more: a client has deleted it"},
		{99, 403, "", vox.ErrInvalidRegistrationID, "there is no registration 99"},
		{5, 403, "", vox.ErrNotRegistering, "registration 5 is frozen"},
		{waiting, 403, "", vox.ErrNotRegistering, "its user is not logged in"},
		{1, 100, "", nil, "status_code: want 200 or 300 to 699, found 100"},
		{1, 700, "", nil, "status_code: want 200 or 300 to 699"},
		{1, 403, strings.Repeat("x", 256), nil, "reason: want at most 255 characters"},
	} {
		err := w.answer(c.id, c.status, c.reason)
		if err == nil || !strings.Contains(err.Error(), c.text) || (c.want != nil && !errors.Is(err, c.want)) {
			t.Errorf("%d %d: %v, want %q", c.id, c.status, err, c.text)
		}
	}
	if r := w.registration(1); r.State != vox.Successful {
		t.Errorf("registration 1 is %s in spite of the refusals", r.State)
	}
}

func TestAPostponedEventComesAnHourLater(t *testing.T) {
	w := newWorld(t)
	w.create(at("sip-slow-5s.test"))
	w.change(w.now, sipreg.PostponeNext)
	if at, ok := w.next(); !ok || !at.Equal(noon.Add(time.Hour)) {
		t.Errorf("next event at %v, %v", at, ok)
	}
}
