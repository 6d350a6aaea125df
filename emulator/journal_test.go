package emulator_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// written returns the whole journal in all its output formats.
func written(t *testing.T, s *emulator.Server) string {
	t.Helper()
	var out bytes.Buffer
	requests := s.Journal().Find(journal.Filter{})
	if err := journal.WriteJSONLines(&out, requests); err != nil {
		t.Fatal(err)
	}
	if err := journal.WriteHAR(&out, "1", requests, 0); err != nil {
		t.Fatal(err)
	}
	for _, e := range requests {
		fmt.Fprintln(&out, e, e.Explain())
	}
	return out.String()
}

func TestNoSecretEntersTheJournal(t *testing.T) {
	for _, strict := range []bool{false, true} {
		var opts []emulator.Option
		if strict {
			opts = append(opts, emulator.WithStrict())
		}
		s := newServer(t, opts...)
		loadOnDemo(t, s, scenarios.Scenario{
			Accounts: []vox.Account{{ID: 1, Name: "demo", APIKey: "secret-api-key"}},
			Keys:     []vox.Key{{ID: "role-key", AccountID: 1, Roles: []vox.Role{vox.Owner}, PrivateKey: testKey(t)}},
		})
		token := sign(t, validClaims(), "role-key")
		hidden := []string{"secret-", "PRIVATE KEY", token}
		for _, f := range forms() {
			for _, p := range []url.Values{
				{"password": {"secret-password"}},
				{"password": {strings.Repeat("secret-", 100)}},
				{"password": {"secret-\xff"}},
				{"apiKey": {"secret-other"}, "user_password": {"secret-user"}, "callback_salt": {"secret-salt"}, "session_id": {"secret-session"}},
				{`{"api_key":"secret-json"}`: {""}},
				{"callback_url": {"https://user:secret-url@example.com/?token=secret-token"}},
				{"private_key": {testKey(t)}, "is_persistent": {"secret"}}, // a value with this name is not secret
			} {
				call := merged(merged(exampleOf(t, "CreateSipRegistration"), url.Values{"sip_username": {"Renée Müller"}}), p)
				for _, method := range []string{"CreateSipRegistration", "AddUser", "Nothing", "Create?api_key=secret-method"} {
					for _, key := range []string{"secret-api-key", "secret-api-key-and-more"} {
						if r := f.make(t, method, with(with(call, "account_id", "1"), "api_key", key)); r != nil {
							answer(t, s.Handler(), r)
						}
					}
				}
				r := f.make(t, "CreateSipRegistration", call)
				r.Header.Set("Authorization", "Bearer "+token)
				answer(t, s.Handler(), r)
			}
			r := f.make(t, "CreateSipRegistration", exampleOf(t, "CreateSipRegistration"))
			answer(t, s.Handler(), malformed("application/json", `{"api_key":"secret-cut`)(r))
			answer(t, s.Handler(), post("/platform_api/CreateSipRegistration", "application/x-www-form-urlencoded", newReader(`{"api_key":"secret-form"}`)))
		}
		text := written(t, s)
		for _, secret := range hidden {
			if at := strings.Index(text, secret); at >= 0 {
				t.Errorf("strict %v: the journal holds %s: %s", strict, secret, text[max(0, at-300):min(len(text), at+60)])
			}
		}
		if !strings.Contains(text, "Renée Müller") || !strings.Contains(text, `"password":["***"]`) {
			t.Error("the test is blind")
		}
	}
}

func TestTheSameCallsGiveTheSameJournal(t *testing.T) {
	find := func() []journal.Request {
		s := newServer(t, emulator.WithClock(clock.Stopped(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))))
		for _, method := range specification(t).Methods() {
			for _, f := range forms() {
				answer(t, s.Handler(), f.make(t, method.Name, with(apiKey(exampleOf(t, method.Name)), "colour", "red")))
			}
		}
		return s.Journal().Find(journal.Filter{})
	}
	first := find()
	if diff := cmp.Diff(first, find()); diff != "" {
		t.Errorf("the second run differs:\n%s", diff)
	}
	if len(first) == 0 {
		t.Error("no requests: the test is blind")
	}
}

func TestWhoGotTheReplyFindsTheCallInTheJournal(t *testing.T) {
	s := listening(t)
	for i := range 50 {
		reply, err := http.Get(s.URL() + list)
		body(t, reply, err)
		if n := s.Journal().Count(journal.Filter{Method: "GetSipRegistrations"}); n != i+1 {
			t.Fatalf("%d requests after %d replies", n, i+1)
		}
	}
}

func TestTheJournalOutlivesAReset(t *testing.T) {
	s := newServer(t)
	answer(t, s.Handler(), httptest.NewRequest("GET", list, nil))
	reset(t, s)
	if err := s.Load("empty"); err != nil {
		t.Fatal(err)
	}
	if n := s.Journal().Count(journal.Filter{}); n != 1 {
		t.Errorf("%d requests, want 1", n)
	}
}

// Requests whose authentication failed are assigned to the account that they name, so
// that parallel tests on one server find their own mistakes only.
func TestParallelAccountsFindOnlyTheirOwnCalls(t *testing.T) {
	const accounts = 50
	s := newServer(t)
	var more scenarios.Scenario
	for id := range int64(accounts) {
		more.Accounts = append(more.Accounts, vox.Account{ID: id + 100, Name: fmt.Sprint("account", id), APIKey: fmt.Sprint("key", id)})
	}
	loadOnDemo(t, s, more)
	var clients sync.WaitGroup
	for id := range int64(accounts) {
		clients.Go(func() {
			for _, target := range []string{
				"/platform_api/GetSipRegistrations?account_id=%d&api_key=key%d",
				"/platform_api/Nothing?account_id=%d&api_key=key%d",
				"/platform_api/GetSipRegistrations?account_id=%d&api_key=wrong%d",
			} {
				answer(t, s.Handler(), httptest.NewRequest("GET", fmt.Sprintf(target, id+100, id), nil))
			}
			var got []string
			for _, e := range s.Journal().Find(journal.Filter{AccountID: id + 100}) {
				got = append(got, fmt.Sprintf("%s %d %v %v", e.Method, e.Code, e.Unidentified, e.Parameters["account_id"]))
			}
			own := fmt.Sprintf("[%d]", id+100)
			want := []string{"GetSipRegistrations 0 false " + own, "Nothing 103 true " + own, "GetSipRegistrations 100 true " + own}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("account %d (-want +got):\n%s", id+100, diff)
			}
			s.Journal().ClearAccount(id + 100)
		})
	}
	clients.Wait()
	if n := s.Journal().Count(journal.Filter{}); n != 0 {
		t.Errorf("%d requests left", n)
	}
}

func TestATokenThatIsRefusedClaimsItsAccount(t *testing.T) {
	s := newServer(t)
	r := httptest.NewRequest("GET", "/platform_api/GetSipRegistrations", nil)
	r.Header.Set("Authorization", "Bearer "+sign(t, validClaims(), "nobody"))
	answer(t, s.Handler(), r)
	e := s.Journal().Find(journal.Filter{})[0]
	if e.AccountID != 1 || !e.Unidentified || e.KeyID != "" {
		text, _ := json.Marshal(e)
		t.Errorf("%s", text)
	}
}
