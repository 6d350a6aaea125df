package emulator_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// listOf calls GetSipRegistrations with an account's key.
func listOf(t testing.TB, s *emulator.Server, account vox.CreatedAccount) string {
	t.Helper()
	return answer(t, s.Handler(), forms()[0].make(t, "GetSipRegistrations", with(with(nil, "account_name", account.Name), "api_key", account.APIKey)))
}

func TestFreshAccountsDoNotMeet(t *testing.T) {
	s := newServer(t)
	const clients = 50
	fresh := make([]vox.CreatedAccount, clients)
	var running sync.WaitGroup
	for i := range fresh {
		running.Go(func() {
			account, err := s.CreateAccount(vox.AccountRequest{
				Credentials:  new(false),
				Applications: []vox.ApplicationRequest{{Name: "app", Rules: []string{"in"}, Users: []string{"user"}}},
			})
			if err != nil {
				t.Error(err)
				return
			}
			fresh[i] = account
			call := with(with(nil, "account_name", account.Name), "api_key", account.APIKey)
			call = with(with(with(call, "sip_username", "same"), "proxy", "same.example.com"), "application_name", "app")
			if code := codeOf(t, answer(t, s.Handler(), forms()[0].make(t, "CreateSipRegistration", with(call, "user_name", "user")))); code != 0 {
				t.Errorf("%s: code %d", account.Name, code)
			}
		})
	}
	running.Wait()
	seen := map[string]bool{}
	for _, account := range fresh {
		if n := strings.Count(listOf(t, s, account), `"sip_registration_id"`); n != 1 {
			t.Errorf("%s has %d registrations, want its own", account.Name, n)
		}
		for _, unique := range []string{account.Name, account.APIKey, account.KeyID, account.Email} {
			if seen[unique] || unique == "" {
				t.Errorf("%q is not unique", unique)
			}
			seen[unique] = true
		}
	}
}

func TestTheCredentialsOfAFreshAccountSignAtOnce(t *testing.T) {
	s := newServer(t)
	fresh, err := s.CreateAccount(vox.AccountRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if body := from(t, s, "127.0.0.1:1", "GetAccountInfo", nil, signedWith(t, *fresh.Credentials)); codeOf(t, body) != 0 {
		t.Error(body)
	}
}

func TestDeletingAnAccountLeavesNothingOfItAndAllOfTheOthers(t *testing.T) {
	s := newServer(t)
	before := export(t, s)
	account, err := s.CreateAccount(vox.AccountRequest{Applications: []vox.ApplicationRequest{{Name: "app", Rules: []string{"in"}, Users: []string{"user"}}}})
	if err != nil {
		t.Fatal(err)
	}
	if account.Credentials == nil || account.Credentials.KeyID != account.KeyID || !strings.Contains(account.Credentials.PrivateKey, "PRIVATE KEY") {
		t.Errorf("credentials %+v", account.Credentials)
	}
	call := with(with(with(with(nil, "account_name", account.Name), "api_key", account.APIKey), "sip_username", "a"), "proxy", "b.example.com")
	answer(t, s.Handler(), forms()[0].make(t, "CreateSipRegistration", call))
	if !strings.Contains(export(t, s), "b.example.com") {
		t.Fatal("nothing was made: the test is blind")
	}
	if err := s.DeleteAccount(account.ID); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, export(t, s)); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
}

func TestAnAccountWithChildrenIsNotDeleted(t *testing.T) {
	s := newServer(t)
	loadOnDemo(t, s, scenarios.Scenario{Accounts: []vox.Account{{ID: 9, Name: "child", ParentID: 1}}})
	before := export(t, s)
	if got := asked(s, "DELETE /_voxemu/accounts/1", ""); got.Code != 409 || !strings.Contains(got.Body.String(), "child account 9") {
		t.Errorf("%d %s", got.Code, got.Body)
	}
	if diff := cmp.Diff(before, export(t, s)); diff != "" {
		t.Errorf("changed:\n%s", diff)
	}
}
