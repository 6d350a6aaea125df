package emulator_test

import (
	"errors"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// Whatever an account changed is as it was in the beginning, and nothing of others is.
func TestResettingAnAccountChangesItAndNoOther(t *testing.T) {
	s := newServer(t)
	made, err := s.CreateAccount(vox.AccountRequest{Credentials: new(false), Applications: []vox.ApplicationRequest{{Name: "app", Rules: []string{"in"}, Users: []string{"user"}}}})
	if err != nil {
		t.Fatal(err)
	}
	begin := whole(t, s)
	change := func(id int64, key string) {
		call := with(with(with(with(nil, "account_id", strconv.FormatInt(id, 10)), "api_key", key), "sip_username", "new"), "proxy", "new.example.com")
		if code := codeOf(t, answer(t, s.Handler(), forms()[0].make(t, "CreateSipRegistration", call))); code != 0 {
			t.Fatalf("account %d: code %d", id, code)
		}
		if err := s.TopUp(id, vox.Money{}.Add(made.Balance)); err != nil {
			t.Fatal(err)
		}
	}
	change(1, "demo-key")
	ofDemo := whole(t, s)
	change(made.ID, made.APIKey)
	if err := s.ResetAccount(made.ID); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(ofDemo, whole(t, s)); diff != "" {
		t.Errorf("one that was made (-want +got):\n%s", diff)
	}
	if err := s.ResetAccount(1); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(begin, whole(t, s)); diff != "" {
		t.Errorf("one of the scenario (-want +got):\n%s", diff)
	}
}

// whole returns the state as a scenario file with secrets.
func whole(t *testing.T, s *emulator.Server) string {
	t.Helper()
	text, err := s.ExportWithSecrets()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestOnlyAnAccountWithABeginningCanBeReset(t *testing.T) {
	s := newServer(t)
	if _, err := s.Add(scenarios.Scenario{Accounts: []vox.Account{{ID: 9, Name: "nine"}}}); err != nil {
		t.Fatal(err)
	}
	made, err := s.CreateAccount(vox.AccountRequest{Credentials: new(false)})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Reset(); err != nil {
		t.Fatal(err)
	}
	for _, id := range []int64{9, 77, made.ID} {
		before := whole(t, s)
		if err := s.ResetAccount(id); !errors.Is(err, vox.ErrNotFound) {
			t.Errorf("account %d: %v", id, err)
		}
		if diff := cmp.Diff(before, whole(t, s)); diff != "" {
			t.Errorf("account %d: the state changed:\n%s", id, diff)
		}
	}
}

func TestResettingAnAccountTakesNoRowOfAnother(t *testing.T) {
	s := newServer(t)
	other, err := s.CreateAccount(vox.AccountRequest{Credentials: new(false)})
	if err != nil {
		t.Fatal(err)
	}
	gone := whole(t, s)
	call := with(with(with(nil, "account_id", "1"), "api_key", "demo-key"), "sip_registration_id", "1")
	if code := codeOf(t, answer(t, s.Handler(), forms()[0].make(t, "DeleteSipRegistration", call))); code != 0 || gone == whole(t, s) {
		t.Fatalf("code %d", code)
	}
	if _, err := s.Add(scenarios.Scenario{Registrations: []vox.Registration{{ID: 1, AccountID: other.ID, SIPUsername: "a", Proxy: "b.test"}}}); err != nil {
		t.Fatal(err)
	}
	before := whole(t, s)
	if err := s.ResetAccount(1); !errors.Is(err, vox.ErrConflict) {
		t.Errorf("%v, want %v", err, vox.ErrConflict)
	}
	if diff := cmp.Diff(before, whole(t, s)); diff != "" {
		t.Errorf("the state changed:\n%s", diff)
	}
}
