package emulator_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// asked sends "VERB /path" to a server's doors.
func asked(s *emulator.Server, target, body string) *httptest.ResponseRecorder {
	verb, path, _ := strings.Cut(target, " ")
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, httptest.NewRequest(verb, path, strings.NewReader(body)))
	return w
}

// must sends a request that succeeds and gives its answer.
func must(t testing.TB, s *emulator.Server, target, body string) string {
	t.Helper()
	got := asked(s, target, body)
	if got.Code != http.StatusOK {
		t.Fatalf("%s %s: %d %s", target, body, got.Code, got.Body)
	}
	return got.Body.String()
}

// The fakes of the door's own tests could tell what no emulator tells.
func TestTheControlDoorOfARealServerAnswersAsDescribed(t *testing.T) {
	text, err := os.ReadFile("internal/control/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		t.Fatal(err)
	}
	doc.Servers = nil
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	s := newServer(t)
	for _, x := range []struct {
		target, body string
		status       int
	}{
		{"GET /_voxemu/health", "", 200},
		{"GET /_voxemu/config", "", 200},
		{"GET /_voxemu/coverage", "", 200},
		{"GET /_voxemu/scenarios", "", 200},
		{"POST /_voxemu/scenarios", `{"name":"nobody"}`, 404},
		{"POST /_voxemu/scenarios", `{"name":"../demo"}`, 404},
		{"POST /_voxemu/scenarios", `{"yaml":"accounts: [{}]"}`, 422},
		{"POST /_voxemu/scenarios", `{"name":"demo","yaml":"billing: {monthly_fee: 2.00}"}`, 200},
		{"POST /_voxemu/snapshots", `{"name":"a"}`, 200},
		{"POST /_voxemu/snapshots", `{"name":"a"}`, 409},
		{"GET /_voxemu/snapshots", "", 200},
		{"POST /_voxemu/snapshots/b/restore", "", 404},
		{"DELETE /_voxemu/snapshots/b", "", 404},
		{"DELETE /_voxemu/snapshots/a", "", 200},
		{"GET /_voxemu/clock", "", 200},
		{"POST /_voxemu/clock/advance", `{"duration":"1mo"}`, 200},
		{"GET /_voxemu/accounts", "", 200},
		{"POST /_voxemu/accounts", `{"name":"demo"}`, 409},
		{"POST /_voxemu/accounts", `{"currency":"gold","roles":["King"],"applications":[{"name":"a"},{"name":"a"}]}`, 422},
		{"POST /_voxemu/accounts", `{"applications":[{"name":"app","rules":["r","s"],"users":["u"]}]}`, 200},
		{"POST /_voxemu/accounts", `{"credentials":false}`, 200},
		{"DELETE /_voxemu/accounts/77", "", 404},
		{"GET /_voxemu/registrations?account_id=1&state=failed", "", 200},
		{"GET /_voxemu/keys/nobody/credentials", "", 404},
		{"GET /_voxemu/keys/owner-key/credentials", "", 200},
		{"PUT /_voxemu/state", "accounts: [{}]", 422},
		{"GET /_voxemu/state?format=json", "", 200},
		{"POST /_voxemu/clock/resume", "", 200},
		{"POST /_voxemu/clock/freeze", "", 200},
		{"POST /_voxemu/clock/set", `{"now":"2031-01-01T00:00:00Z"}`, 200},
		{"POST /_voxemu/clock/set", `{"now":"2030-01-01T00:00:00Z"}`, 409},
		{"POST /_voxemu/reset", "", 200},
		{"POST /_voxemu/registrations/1/answer", `{"status_code":403,"reason":"Forbidden"}`, 200},
		{"POST /_voxemu/registrations/4/answer", `{"status_code":403}`, 409},
		{"POST /_voxemu/registrations/99/answer", `{"status_code":403}`, 404},
		{"POST /_voxemu/users/123/login", "", 200},
		{"POST /_voxemu/users/123/logout", "", 200},
		{"POST /_voxemu/users/99/login", "", 404},
		{"POST /_voxemu/accounts/1/top-up", `{"amount":"10.00"}`, 200},
		{"POST /_voxemu/accounts/1/top-up", `{"amount":"-1"}`, 422},
		{"POST /_voxemu/accounts/99/top-up", `{"amount":"10.00"}`, 404},
		{"GET /_voxemu/callbacks?account_id=1", "", 200},
		{"POST /_voxemu/callbacks/99/redeliver", "", 404},
		{"POST /_voxemu/shutdown", "", 403},
		{"POST /_voxemu/reset", "", 200},
	} {
		got := asked(s, x.target, x.body)
		if got.Code != x.status {
			t.Errorf("%s %s: %d, want %d: %s", x.target, x.body, got.Code, x.status, got.Body)
			continue
		}
		verb, path, _ := strings.Cut(x.target, " ")
		route, _, err := router.FindRoute(httptest.NewRequest(verb, path, nil))
		if err != nil {
			t.Fatalf("%s: %v", x.target, err)
		}
		response := route.Operation.Responses.Status(got.Code)
		if response == nil {
			t.Errorf("%s: %d is not described", x.target, got.Code)
			continue
		}
		var value any
		if err := json.Unmarshal(got.Body.Bytes(), &value); err != nil {
			t.Fatalf("%s: %v", x.target, err)
		}
		if err := response.Value.Content.Get("application/json").Schema.Value.VisitJSON(value, openapi3.MultiErrors()); err != nil {
			t.Errorf("%s: %v", x.target, err)
		}
	}
}

func TestExportAndImportThroughTheDoorAreInverse(t *testing.T) {
	for _, name := range scenarios.Names() {
		for _, format := range []string{"yaml", "json"} {
			s := newServer(t, emulator.WithScenario(name))
			answer(t, s.Handler(), forms()[0].make(t, "CreateSipRegistration", apiKey(exampleOf(t, "CreateSipRegistration"))))
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
func listOf(t testing.TB, s *emulator.Server, account emulator.FreshAccount) string {
	t.Helper()
	return answer(t, s.Handler(), forms()[0].make(t, "GetSipRegistrations", with(with(nil, "account_name", account.Name), "api_key", account.APIKey)))
}

func TestFreshAccountsDoNotMeet(t *testing.T) {
	s := newServer(t)
	const clients = 50
	fresh := make([]emulator.FreshAccount, clients)
	var running sync.WaitGroup
	for i := range fresh {
		running.Go(func() {
			account, err := s.CreateAccount(emulator.NewAccount{
				Credentials:  new(false),
				Applications: []emulator.NewApplication{{Name: "app", Rules: []string{"in"}, Users: []string{"user"}}},
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

func TestDeletingAnAccountLeavesNothingOfItAndAllOfTheOthers(t *testing.T) {
	s := newServer(t)
	before := export(t, s)
	account, err := s.CreateAccount(emulator.NewAccount{Applications: []emulator.NewApplication{{Name: "app", Rules: []string{"in"}, Users: []string{"user"}}}})
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
		"# TYPE voxemu_clock_timestamp_seconds gauge",
	} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("lacks %s:\n%s", want, text)
		}
	}
}

func TestTheDoorMovesToAListenerOfItsOwnAndAsksForItsToken(t *testing.T) {
	s := listening(t, emulator.WithControlListen("127.0.0.1:0"), emulator.WithControlToken("sesame"))
	for url, want := range map[string]int{
		s.URL() + "/_voxemu/health":        404,
		s.URL() + "/openapi.yaml":          200,
		s.URL() + list:                     200,
		s.ControlURL() + "/_voxemu/health": 200,
		s.ControlURL() + "/_voxemu/clock":  401,
		s.ControlURL() + list:              404,
	} {
		reply, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		_ = reply.Body.Close() // the status is all
		if reply.StatusCode != want {
			t.Errorf("%s: %d, want %d", url, reply.StatusCode, want)
		}
	}
	if got := s.Health().Listeners["control"]; got != s.ControlURL() {
		t.Errorf("health names %q, want %q", got, s.ControlURL())
	}
}

func TestTheDoorStopsTheProcessOnlyWhenAllowed(t *testing.T) {
	stopped := false
	s := newServer(t, emulator.WithShutdown(func() { stopped = true }))
	must(t, s, "POST /_voxemu/shutdown", "")
	if !stopped {
		t.Error("not stopped")
	}
}
