package emulator_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// asked sends "VERB /path" to a server.
func asked(s *emulator.Server, target, body string) *httptest.ResponseRecorder {
	verb, path, _ := strings.Cut(target, " ")
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, httptest.NewRequest(verb, path, strings.NewReader(body)))
	return w
}

// must sends a request that must succeed and returns the body of the reply.
func must(t testing.TB, s *emulator.Server, target, body string) string {
	t.Helper()
	got := asked(s, target, body)
	if got.Code != http.StatusOK {
		t.Fatalf("%s %s: %d %s", target, body, got.Code, got.Body)
	}
	return got.Body.String()
}

func TestExportAndImportThroughTheControlAPIAreInverse(t *testing.T) {
	for _, name := range []string{"demo", "outage"} { // roundtrip_test.go tests all
		for _, format := range []string{"yaml", "json"} {
			s := newServer(t, emulator.WithScenario(name))
			if err := s.TopUp(1, vox.MustParseMoney("1.50")); err != nil { // a change that no fault of a scenario prevents
				t.Fatal(err)
			}
			before := export(t, s)
			saved := must(t, s, "GET /_voxemu/state?secrets=true&format="+format, "")
			reset(t, s)
			must(t, s, "PUT /_voxemu/state", saved)
			if diff := cmp.Diff(before, export(t, s)); diff != "" {
				t.Errorf("%s as %s (-before +after):\n%s", name, format, diff)
			}
		}
	}
}

func TestSecretsAreExportedOnlyWhenAskedFor(t *testing.T) {
	s := newServer(t)
	for target, want := range map[string]bool{
		"GET /_voxemu/state": false, "GET /_voxemu/state?format=json": false, "GET /_voxemu/state?secrets=true": true,
		"GET /_voxemu/accounts": false, "GET /_voxemu/config": false, "GET /_voxemu/health": false,
	} {
		if got := strings.Contains(must(t, s, target, ""), "demo-key"); got != want {
			t.Errorf("%s tells the api key: %v, want %v", target, got, want)
		}
	}
}

func TestAnImportThatFailsChangesNothingAndResetForgetsOne(t *testing.T) {
	s := newServer(t)
	before := export(t, s)
	for _, broken := range []string{
		"accounts: [{id: 1, name: a}, {id: 1, name: b}]", "nonsense", "a: [", "accounts: [{id: 2, name: x}]\nusers: [{id: 1, application_id: 9, name: x}]",
	} {
		if got := asked(s, "PUT /_voxemu/state", broken); got.Code != 422 {
			t.Errorf("%q: %d %s", broken, got.Code, got.Body)
		}
	}
	if diff := cmp.Diff(before, export(t, s)); diff != "" {
		t.Errorf("changed:\n%s", diff)
	}
	must(t, s, "PUT /_voxemu/state", "accounts: [{id: 5, name: other}]")
	must(t, s, "POST /_voxemu/reset", "")
	if diff := cmp.Diff(before, export(t, s)); diff != "" {
		t.Errorf("reset went elsewhere:\n%s", diff)
	}
}

func TestARestoredSnapshotGivesTheSameIDsAgain(t *testing.T) {
	s := newServer(t)
	create := func() string {
		return answer(t, s.Handler(), forms()[0].make(t, "CreateSipRegistration", apiKey(exampleOf(t, "CreateSipRegistration"))))
	}
	create()
	answer(t, s.Handler(), forms()[0].make(t, "DeleteSipRegistration", apiKey(exampleOf(t, "DeleteSipRegistration"))))
	must(t, s, "POST /_voxemu/snapshots", `{"name":"before"}`)
	before := export(t, s)
	first := create()
	for range 2 {
		must(t, s, "POST /_voxemu/snapshots/before/restore", "")
		if diff := cmp.Diff(before, export(t, s)); diff != "" {
			t.Errorf("restored something else:\n%s", diff)
		}
		if second := create(); second != first {
			t.Errorf("%s, then %s", first, second)
		}
	}
}

func TestKeysMadeAfterASnapshotStayValid(t *testing.T) {
	s := newServer(t)
	if err := s.Snapshot("before"); err != nil {
		t.Fatal(err)
	}
	first, err := s.Credentials("owner-key")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Restore("before"); err != nil {
		t.Fatal(err)
	}
	if second, err := s.Credentials("owner-key"); err != nil || second != first {
		t.Errorf("credentials changed, %v", err)
	}
	if !strings.Contains(export(t, s), "PUBLIC KEY") {
		t.Error("the restored key verifies nothing")
	}
}

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

func TestMetricsCountCallsOfThisServerOnly(t *testing.T) {
	s, other := newServer(t), newServer(t)
	for range 3 {
		answer(t, s.Handler(), httptest.NewRequest("GET", list, nil))
	}
	answer(t, s.Handler(), httptest.NewRequest("GET", "/platform_api/Invented?x=1", nil))
	answer(t, s.Handler(), httptest.NewRequest("GET", "/platform_api/Invented2", nil))
	answer(t, other.Handler(), httptest.NewRequest("GET", list, nil))
	text := must(t, s, "GET /_voxemu/metrics", "")
	for _, want := range []string{
		`voxemu_api_calls_total{code="0",method="GetSipRegistrations"} 3`,
		`voxemu_api_calls_total{code="103",method="unknown"} 2`,
		`voxemu_registrations{state="failed"} 1`,
		`voxemu_rows{kind="registrations"} 4`,
		"# TYPE go_goroutines gauge", "# TYPE process_open_fds gauge", "# TYPE process_resident_memory_bytes gauge",
		"# TYPE voxemu_clock_timestamp_seconds gauge",
	} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("lacks %s:\n%s", want, text)
		}
	}
}

func TestPrometheusAcceptsTheMetrics(t *testing.T) {
	s := newServer(t)
	for _, calls := range []string{"none yet", "some"} {
		text := must(t, s, "GET /_voxemu/metrics", "")
		problems, err := promlint.New(strings.NewReader(text)).Lint()
		if err != nil || len(problems) > 0 {
			t.Errorf("calls: %s: %v %v\n%s", calls, problems, err, text)
		}
		answer(t, s.Handler(), httptest.NewRequest("GET", list, nil))
	}
}

func TestTheControlAPIMovesToAListenerOfItsOwnAndAsksForItsToken(t *testing.T) {
	s := listening(t, emulator.WithControlListen("127.0.0.1:0"), emulator.WithControlToken("sesame"))
	for url, want := range map[string]struct {
		status int
		says   string
	}{
		s.URL() + "/_voxemu/health":        {404, "a listener of its own"},
		s.URL() + "/openapi.yaml":          {200, "openapi: 3.0.3"},
		s.URL() + list:                     {200, "JohnGalt"},
		s.ControlURL() + "/_voxemu/health": {200, "ok"},
		s.ControlURL() + "/_voxemu/clock":  {401, "token"},
		s.ControlURL() + list:              {404, "the API is at"},
	} {
		reply, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(reply.Body)
		_ = reply.Body.Close()
		if reply.StatusCode != want.status || err != nil || !strings.Contains(string(text), want.says) {
			t.Errorf("%s: %d %v, want %+v: %.300s", url, reply.StatusCode, err, want, text)
		}
	}
	if got := s.Health().Listeners["control"]; got != s.ControlURL() {
		t.Errorf("health names %q, want %q", got, s.ControlURL())
	}
}

func TestTheControlAPIStopsTheProcessOnlyWhenAllowed(t *testing.T) {
	stopped := false
	s := newServer(t, emulator.WithShutdown(func() { stopped = true }))
	must(t, s, "POST /_voxemu/shutdown", "")
	if !stopped {
		t.Error("not stopped")
	}
}
