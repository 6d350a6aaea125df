package emulator_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// from calls a method from an address, with exactly the given parameters.
func from(t testing.TB, s *emulator.Server, address, method string, p url.Values, token string) string {
	t.Helper()
	r := httptest.NewRequest("GET", path(method)+"?"+p.Encode(), nil)
	r.RemoteAddr = address
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return answer(t, s.Handler(), r)
}

func decoded[R any](t testing.TB, body string) R {
	t.Helper()
	var reply R
	if err := json.Unmarshal([]byte(body), &reply); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return reply
}

func TestASessionActsWithTheRightsOfItsKeyUntilItEnds(t *testing.T) {
	s := newServer(t)
	loadRole(t, s, vox.Support)
	const here = "127.0.0.1:1"
	login := decoded[struct{ Result string }](t, from(t, s, here, "Logon", nil, sign(t, validClaims(), "role-key")))
	session := url.Values{"session_id": {login.Result}}
	wanted := func(method string, code int) {
		t.Helper()
		if body := from(t, s, here, method, session, ""); codeOf(t, body) != code {
			t.Errorf("%s: %s, want code %d", method, body, code)
		}
	}
	wanted("GetSipRegistrations", 0)
	wanted("GetAuditLog", 100) // the role Support is not sufficient
	if err := s.Advance(8 * time.Hour); err != nil {
		t.Fatal(err)
	}
	wanted("GetSipRegistrations", 135)
}

func TestAPasswordIdentifiesItsAccount(t *testing.T) {
	s := newServer(t)
	loadOnDemo(t, s, scenarioOf(vox.Account{ID: 7, Name: "acme", Email: "acme@example.com", APIKey: "acme-key", Password: "Pa$$w0rd"}))
	ask := func(method string, pairs ...string) string {
		p := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			p.Set(pairs[i], pairs[i+1])
		}
		return from(t, s, "127.0.0.1:1", method, p, "")
	}
	for _, c := range []struct {
		code  int
		pairs []string
	}{
		{0, []string{"account_name", "acme", "account_password", "Pa$$w0rd"}},
		{0, []string{"account_email", "acme@example.com", "account_password", "Pa$$w0rd"}},
		{0, []string{"account_id", "7", "account_password", "Pa$$w0rd"}},
		{0, []string{"account_id", "7", "account_password", "wrong", "api_key", "acme-key"}},
		{100, []string{"account_id", "7", "account_password", "Pa$$w0rd", "api_key", "wrong"}},
		{100, []string{"account_name", "acme", "account_password", "wrong"}},
		{100, []string{"account_name", "acme", "account_password", "acme-key"}},
		{100, []string{"account_name", "acme", "api_key", "Pa$$w0rd"}},
		{100, []string{"account_name", "demo", "account_password", "demo-key"}}, // has none
		{100, []string{"account_name", "demo", "account_password", ""}},
	} {
		if body := ask("GetAccountInfo", c.pairs...); codeOf(t, body) != c.code || c.code == 0 && !strings.Contains(body, "acme-key") {
			t.Errorf("GetAccountInfo with %v: %s, want code %d", c.pairs, body, c.code)
		}
		if body := ask("Logon", c.pairs...); codeOf(t, body) != c.code {
			t.Errorf("Logon with %v: %s, want code %d", c.pairs, body, c.code)
		}
	}
	login := decoded[struct {
		Result string
		APIKey string `json:"api_key"`
	}](t, ask("Logon", "account_email", "acme@example.com", "account_password", "Pa$$w0rd"))
	if body := ask("GetSipRegistrations", "session_id", login.Result); codeOf(t, body) != 0 || login.APIKey != "acme-key" {
		t.Errorf("%+v, then %s", login, body)
	}
	shown := must(t, s, "GET /_voxemu/state", "")
	for _, r := range s.Journal().Find(journal.Filter{}) {
		shown += fmt.Sprint(r)
	}
	if strings.Contains(shown, "Pa$$w0rd") {
		t.Error("export or journal hold the password")
	}
	if all := must(t, s, "GET /_voxemu/state?secrets=true", ""); !strings.Contains(all, "Pa$$w0rd") {
		t.Error("the export with secrets lacks the password")
	}
}

func TestALoggedOutSessionIsForgotten(t *testing.T) {
	s := newServer(t)
	login := decoded[struct{ Result string }](t, call(t, s, "Logon", nil))
	session := url.Values{"session_id": {login.Result}}
	if body := from(t, s, "127.0.0.1:1", "Logout", session, ""); codeOf(t, body) != 0 {
		t.Fatal(body)
	}
	if body := from(t, s, "127.0.0.1:1", "GetAccountInfo", session, ""); codeOf(t, body) != 137 {
		t.Errorf("%s, want 137", body)
	}
}

func TestANewKeySignsAtOnceAndSurvivesExportAndLoad(t *testing.T) {
	s := newServer(t)
	made := decoded[struct{ Result vox.Credentials }](t, call(t, s, "CreateKey", url.Values{"role_id": {"7;3"}})).Result
	signed := signedWith(t, made)
	state, err := s.Export() // public keys are not secret
	if err != nil {
		t.Fatal(err)
	}
	for _, reload := range []bool{false, true} {
		if reload {
			if err := s.LoadSources(scenarios.Source{Name: "export", Text: state}); err != nil {
				t.Fatal(err)
			}
		}
		if body := from(t, s, "127.0.0.1:1", "GetSipRegistrations", nil, signed); codeOf(t, body) != 0 {
			t.Errorf("loaded again: %v: %s", reload, body)
		}
		if body := from(t, s, "127.0.0.1:1", "DeleteSipRegistration", url.Values{"sip_registration_id": {"1"}}, signed); codeOf(t, body) != 100 {
			t.Errorf("a role that it has not: %s", body)
		}
	}
	if strings.Contains(string(state), "PRIVATE") {
		t.Error("the export holds a private key")
	}
}

func TestTheScenarioChoosesWhetherANewKeyComesInAList(t *testing.T) {
	const object = `^\{"result":\{"account_email":"demo@example.com",.*"private_key":"-----BEGIN PRIVATE KEY-----.*"\}\}$`
	const list = `^\{"result":\[\{"account_email":"demo@example.com",.*"private_key":"-----BEGIN PRIVATE KEY-----.*"\}\]\}$`
	for behaviour, want := range map[string]string{"{}": object, "{created_key: object}": object, "{created_key: list}": list} {
		s := newServer(t) // strict: the reply is validated
		text := "extends: demo\nbehaviour: " + behaviour
		if err := s.LoadSources(scenarios.Source{Name: "two", Text: []byte(text)}); err != nil {
			t.Fatal(err)
		}
		if body := call(t, s, "CreateKey", nil); !regexp.MustCompile(want).MatchString(body) {
			t.Errorf("behaviour %s: %s, want %s", behaviour, body, want)
		}
	}
}

func TestCallsFromAddressesThatAreNotAuthorizedAreRefused(t *testing.T) {
	s := newServer(t)
	add := func(network, allowed string) {
		t.Helper()
		if body := call(t, s, "AddAuthorizedAccountIP", url.Values{"authorized_ip": {network}, "allowed": {allowed}}); codeOf(t, body) != 0 {
			t.Fatal(body)
		}
	}
	wanted := func(address string, code int) {
		t.Helper()
		if body := from(t, s, address, "GetAccountInfo", apiKey(nil), ""); codeOf(t, body) != code {
			t.Errorf("from %s: %s, want code %d", address, body, code)
		}
	}
	wanted("198.51.100.7:1", 0) // the lists are empty
	add("198.51.100.0/24", "false")
	wanted("198.51.100.7:1", 100)
	wanted("203.0.113.1:1", 0)
	add("192.0.2.0/255.255.255.0", "true") // the address of the test's requests
	wanted("203.0.113.1:1", 100)
	wanted("[::1]:1", 100)
	add("127.0.0.1", "true")
	wanted("[::1]:1", 0)
	wanted("@", 100) // a Unix socket
}

// ever is a period that contains all events.
var ever = url.Values{"from_date": {"2000-01-01"}, "to_date": {"2199-12-31"}}

func TestTheAuditLogTellsWhatWasChangedAndNoSecrets(t *testing.T) {
	s := newServer(t)
	call(t, s, "CreateSipRegistration", url.Values{"sip_username": {"gordon"}, "proxy": {"pbx.example.com"}, "password": {"crowbar"}})
	call(t, s, "DeleteSipRegistration", url.Values{"sip_registration_id": {"999"}}) // refused
	call(t, s, "GetSipRegistrations", nil)
	call(t, s, "CreateKey", url.Values{"role_name": {"Support;Accountant"}, "description": {strings.Repeat("x", 101)}})
	call(t, s, "DelUser", url.Values{"user_id": {"123;12345"}})
	call(t, s, "DelApplication", url.Values{"application_id": {"all"}})
	body := call(t, s, "GetAuditLog", merged(ever, url.Values{"with_total_count": {"true"}}))
	log := decoded[struct {
		Result []struct {
			Command string         `json:"cmd_name"`
			Args    map[string]any `json:"cmd_args"`
			Result  map[string]any `json:"cmd_result"`
		}
		TotalCount int `json:"total_count"`
	}](t, body)
	if log.TotalCount != 4 || strings.Contains(body, "crowbar") || strings.Contains(body, "PRIVATE KEY") {
		t.Fatal(body)
	}
	created, key, users, applications := log.Result[0], log.Result[1], log.Result[2], log.Result[3]
	if created.Result["sip_registration_id"] != 5.0 || key.Result["result"].(map[string]any)["private_key"] != "***" {
		t.Errorf("results %v, %v", created.Result, key.Result)
	}
	for _, c := range []struct{ want, got map[string]any }{
		{map[string]any{"sip_username": "gordon", "proxy": "pbx.example.com", "password": "***", "is_persistent": true}, created.Args},
		{map[string]any{"role_name": []any{"Support", "Accountant"}, "description": strings.Repeat("x", 100) + "…"}, key.Args},
		{map[string]any{"user_id": []any{123.0, 12345.0}}, users.Args},
		{map[string]any{"application_id": "all"}, applications.Args},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	if found := call(t, s, "GetAuditLog", merged(ever, url.Values{"advanced_filters": {"gordon"}})); decoded[struct{ Count int }](t, found).Count != 1 {
		t.Error(found)
	}
}

func TestALongListInTheAuditLogIsCutBetweenItsElements(t *testing.T) {
	s := newServer(t)
	ids := "123" + strings.Repeat(";12345", 100)
	call(t, s, "DelUser", url.Values{"user_id": {ids}})
	log := decoded[struct {
		Result []struct {
			Args struct {
				IDs []int64 `json:"user_id"`
			} `json:"cmd_args"`
		}
	}](t, call(t, s, "GetAuditLog", ever))
	if got := log.Result[0].Args.IDs; len(got) != 17 || got[16] != 12345 {
		t.Errorf("%v", got)
	}
}

// The audit log of a scenario can be full and can start with any id.
func TestTheAuditLogIsBounded(t *testing.T) {
	const oldest, full = 51, vox.MaxAuditEntries
	var text strings.Builder
	text.WriteString("extends: demo\naudit_log:\n")
	for id := range full {
		fmt.Fprintf(&text, "  - {id: %d, account_id: 1, command: DelUser}\n", id+oldest)
	}
	s := newServer(t, emulator.WithScenario("empty"))
	if err := s.LoadSources(scenarios.Source{Name: "full.yaml", Text: []byte(text.String())}); err != nil {
		t.Fatal(err)
	}
	for next := oldest + full; next < oldest+2*full; next++ {
		call(t, s, "SetAccountInfo", nil)
		log := decoded[struct {
			Result []struct {
				ID int `json:"audit_log_id"`
			}
			TotalCount int `json:"total_count"`
		}](t, call(t, s, "GetAuditLog", merged(ever, url.Values{"count": {"1"}, "with_total_count": {"true"}})))
		n, first := log.TotalCount, log.Result[0].ID
		if n > full || n < full*9/10 || first != next-n+1 {
			t.Fatalf("%d entries from %d on after entry %d", n, first, next)
		}
	}
}

func TestAccountInfoLeadsBackToTheHostThatWasCalled(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, path("GetAccountInfo")+"?"+apiKey(nil).Encode(), nil)
	r.Host = "127.0.0.1:15061"
	got := decoded[struct {
		Address string `json:"api_address"`
		Result  struct {
			APIKey string `json:"api_key"`
		}
	}](t, answer(t, newServer(t).Handler(), r))
	if got.Address != "127.0.0.1:15061" || got.Result.APIKey != "demo-key" {
		t.Errorf("%+v", got)
	}
}

func TestWhatIsOnHoldIsListedUntilItIsGivenBack(t *testing.T) {
	s := newServer(t)
	type history struct {
		Result []struct {
			ID      int64       `json:"transaction_id"`
			Account string      `json:"account_id"`
			Amount  json.Number `json:"amount"`
		}
	}
	held := func() history {
		return decoded[history](t, call(t, s, "GetTransactionHistory", url.Values{"is_uncommitted": {"true"}}))
	}
	before := len(held().Result)
	created := decoded[struct {
		ID int64 `json:"sip_registration_id"`
	}](t, call(t, s, "CreateSipRegistration", bare(t, "CreateSipRegistration")))
	got := held().Result
	if last := got[len(got)-1]; len(got) != before+1 || last.ID != created.ID || last.Account != "1" || last.Amount != "-1" {
		t.Errorf("%+v", got)
	}
	if err := s.Advance(32 * 24 * time.Hour); err != nil {
		t.Fatal(err)
	}
	charged := decoded[history](t, call(t, s, "GetTransactionHistory", url.Values{"transaction_type": {"sip_registration_charge"}}))
	if len(charged.Result) != before+1 {
		t.Errorf("charged %+v, want what was on hold", charged.Result)
	}
}

func TestAChildThatIsSwitchedOffIsRefused(t *testing.T) {
	s := newServer(t)
	loadOnDemo(t, s, scenarioOf(vox.Account{ID: 2, ParentID: 1, Name: "child", APIKey: "child-key"}))
	child := url.Values{"account_id": {"2"}, "api_key": {"child-key"}}
	for _, c := range []struct {
		active string
		code   int
	}{{"false", 100}, {"true", 0}} {
		if body := call(t, s, "SetChildAccountInfo", url.Values{"child_account_name": {"child"}, "active": {c.active}}); codeOf(t, body) != 0 {
			t.Fatal(body)
		}
		if body := from(t, s, "127.0.0.1:1", "GetAccountInfo", child, ""); codeOf(t, body) != c.code {
			t.Errorf("active=%s: %s, want code %d", c.active, body, c.code)
		}
	}
	listed := decoded[struct {
		Result []struct {
			Name string `json:"account_name"`
		}
	}](t, call(t, s, "GetChildrenAccounts", nil))
	if len(listed.Result) != 1 || listed.Result[0].Name != "child" {
		t.Errorf("%+v", listed)
	}
}

// The Go SDK decodes these members into integers, and required_verification, if present,
// into a text (docs/evidence.md#prices).
func TestTheGoSDKCanReadWholePrices(t *testing.T) {
	type price struct {
		Price                  int64  `json:"price"`
		PriceInCurrency        int64  `json:"price_in_currency"`
		InstallationTaxReserve int64  `json:"installation_tax_reserve"`
		TaxReserve             int64  `json:"tax_reserve"`
		RequiredVerification   string `json:"required_verification"`
	}
	s := newServer(t)
	if err := s.LoadSources(scenarios.Source{Name: "two", Text: []byte("extends: demo\nbilling: {monthly_fee: 10.00, tax_percent: 20, installation_fee: 5.00}")}); err != nil {
		t.Fatal(err)
	}
	got := decoded[struct{ Result []price }](t, call(t, s, "GetSubscriptionPrice", nil)).Result
	want := []price{{12, 12, 1, 2, ""}, {12, 12, 0, 2, ""}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAFreshAccountAndWhatIsInItAreCreatedNow(t *testing.T) {
	s := newServer(t, emulator.WithScenario("empty"))
	advance(t, s, time.Hour)
	if _, err := s.CreateAccount(vox.AccountRequest{Applications: []vox.ApplicationRequest{{Name: "a", Users: []string{"u"}, Rules: []string{"r"}}}}); err != nil {
		t.Fatal(err)
	}
	state := exported(t, s)
	for what, at := range map[string]time.Time{
		"account": state.Accounts[len(state.Accounts)-1].Created, "application": state.Applications[0].Modified,
		"user": state.Users[0].Created, "rule": state.Rules[0].Modified,
	} {
		if !at.Equal(s.Now()) {
			t.Errorf("%s: %v, want %v", what, at, s.Now())
		}
	}
}
