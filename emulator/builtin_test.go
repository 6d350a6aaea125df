package emulator_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/scenarios"
)

// demonstrations are tests of the built-in scenarios for which a conversation in
// testdata/conversations is not enough. demo is in documentation.txtar, empty in
// year.txtar, examples in testkit/internal/published.
var demonstrations = map[string]func(*testing.T){
	"demo":         func(*testing.T) {},
	"empty":        func(*testing.T) {},
	"examples":     func(*testing.T) {},
	"roles":        demonstrateRoles,
	"many":         demonstrateMany,
	"flaky-api":    demonstrateFlakyAPI,
	"lost-answers": demonstrateLostAnswers,
}

func TestEveryBuiltInScenarioIsDemonstrated(t *testing.T) {
	for _, name := range scenarios.Names() {
		t.Run(name, func(t *testing.T) {
			if demonstrate, ok := demonstrations[name]; ok {
				demonstrate(t)
				return
			}
			if _, err := os.Stat("testdata/conversations/scenario-" + name + ".txtar"); err != nil {
				t.Errorf("nothing shows what a client sees: %v", err)
			}
		})
	}
}

// withTestKeys returns a server with a built-in scenario in which all service accounts
// have the tests' private key.
func withTestKeys(t *testing.T, name string) *emulator.Server {
	t.Helper()
	scenario, err := scenarios.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	for i := range scenario.Keys {
		scenario.Keys[i].PrivateKey = testKey(t)
	}
	seed, err := emulator.NewSeed(scenario, start)
	if err != nil {
		t.Fatal(err)
	}
	return newServer(t, emulator.WithSeed(seed))
}

// callAs calls a method with the token of a service account.
func callAs(t *testing.T, s *emulator.Server, key string, account int64, method string, p url.Values) string {
	t.Helper()
	claims := validClaims()
	claims["iss"] = account
	r := post(path(method), "application/x-www-form-urlencoded", strings.NewReader(p.Encode()))
	r.Header.Set("Authorization", "Bearer "+sign(t, claims, key))
	return answer(t, s.Handler(), r)
}

// The expected results are those in the table at the head of roles.yaml.
func demonstrateRoles(t *testing.T) {
	const create, update, bind, remove, list = "CreateSipRegistration", "UpdateSipRegistration", "BindSipRegistration", "DeleteSipRegistration", "GetSipRegistrations"
	all := []string{create, update, bind, remove, list}
	allowed := map[string][]string{
		"owner-key": all, "admin-key": all, "developer-key": {update, bind, list}, "accountant-key": {create, list},
		"supervisor-key": {list}, "support-key": {list}, "two-roles-key": {create, update, bind, list},
	}
	s := withTestKeys(t, "roles")
	state, err := s.State()
	if err != nil {
		t.Fatal(err)
	}
	if len(state.Keys) != 18 {
		t.Errorf("%d service accounts, want one for each of 16 roles, one with two and one with none", len(state.Keys))
	}
	for _, key := range state.Keys {
		for _, method := range all {
			code := codeOf(t, callAs(t, s, key.ID, 1, method, exampleOf(t, method)))
			if slices.Contains(allowed[key.ID], method) == (code == 100) {
				t.Errorf("%s %s: code %d", key.ID, method, code)
			}
		}
	}
}

// page is the reply to one request for GetSipRegistrations.
type page struct {
	Result []struct {
		ID int64 `json:"sip_registration_id"`
	}
	Count int
}

func demonstrateMany(t *testing.T) {
	s := newServer(t, emulator.WithScenario("many"))
	if rows := pages(t, s, url.Values{"count": {"1000"}}); len(rows) != 10_000 {
		t.Errorf("%d rows, want 10000", len(rows))
	}
	if rows := pages(t, s, url.Values{"count": {"1000"}, "successful": {"false"}}); len(rows) != 900 || rows[0] != 9001 {
		t.Errorf("%d failed rows", len(rows))
	}
	if rows := pages(t, s, url.Values{"deactivated": {"true"}}); len(rows) != 100 { // 20 per page
		t.Errorf("%d frozen rows", len(rows))
	}
}

// pages reads all pages of a list, as a client does.
func pages(t *testing.T, s *emulator.Server, p url.Values) []int64 {
	t.Helper()
	var ids []int64
	for {
		p.Set("offset", fmt.Sprint(len(ids)))
		var read page
		if err := json.Unmarshal([]byte(answer(t, s.Handler(), get("GetSipRegistrations", p))), &read); err != nil {
			t.Fatal(err)
		}
		for _, row := range read.Result {
			if len(ids) > 0 && row.ID <= ids[len(ids)-1] {
				t.Fatalf("id %d after %d", row.ID, ids[len(ids)-1])
			}
			ids = append(ids, row.ID)
		}
		if read.Count != len(read.Result) {
			t.Fatalf("count %d of %d rows", read.Count, len(read.Result))
		}
		if read.Count == 0 {
			return ids
		}
	}
}

// fates returns the results of a client without retries.
func fates(t *testing.T, s *emulator.Server, calls int) []string {
	t.Helper()
	transport := &http.Transport{DisableKeepAlives: true} // otherwise the transport repeats requests
	browser := &http.Client{Transport: transport}
	list := make([]string, calls)
	for i := range list {
		reply, err := browser.PostForm(s.URL()+path("GetSipRegistrations"), apiKey(url.Values{}))
		if err != nil {
			list[i] = "no reply"
			continue
		}
		text, err := io.ReadAll(reply.Body)
		reply.Body.Close()
		switch {
		case err != nil:
			list[i] = "cut off"
		case reply.StatusCode != http.StatusOK:
			list[i] = reply.Status
		case codeOf(t, string(text)) != 0:
			list[i] = fmt.Sprint("error ", codeOf(t, string(text)))
		default:
			list[i] = "fine"
		}
	}
	return list
}

func demonstrateFlakyAPI(t *testing.T) {
	const calls = 300
	first, second := listening(t, emulator.WithScenario("flaky-api")), listening(t, emulator.WithScenario("flaky-api"))
	seen := fates(t, first, calls)
	if diff := cmp.Diff(seen, fates(t, second, calls)); diff != "" {
		t.Errorf("the same seed, but (-first +second):\n%s", diff)
	}
	for _, want := range []string{"no reply", "cut off", "502 Bad Gateway", "error 2"} {
		if !slices.Contains(seen, want) {
			t.Errorf("no call met %q", want)
		}
	}
	wrong := len(slices.DeleteFunc(seen, func(fate string) bool { return fate == "fine" }))
	if wrong < calls/10 || wrong > calls*3/10 {
		t.Errorf("%d of %d calls went wrong, want about one in five", wrong, calls)
	}
}

func demonstrateLostAnswers(t *testing.T) {
	s := listening(t, emulator.WithScenario("lost-answers"))
	browser := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	send := func(method string, p url.Values) (int, string, error) {
		reply, err := browser.PostForm(s.URL()+path(method), apiKey(p))
		if err != nil {
			return 0, "", err
		}
		defer reply.Body.Close()
		text, err := io.ReadAll(reply.Body)
		return reply.StatusCode, string(text), err
	}
	eddies := func() int {
		_, text, err := send("GetSipRegistrations", url.Values{"sip_username": {"eddie"}})
		if err != nil {
			t.Fatal(err)
		}
		return strings.Count(text, `"sip_username":"eddie"`)
	}
	created := url.Values{"sip_username": {"eddie"}, "proxy": {"sip.example.com"}}
	if _, _, err := send("CreateSipRegistration", created); err == nil || eddies() != 1 {
		t.Errorf("create: %v, %d registrations; want none of an answer and one registration", err, eddies())
	}
	if _, text, err := send("CreateSipRegistration", created); err != nil || codeOf(t, text) != 0 || eddies() != 2 {
		t.Errorf("repeated: %v %s, %d registrations", err, text, eddies())
	}
	renamed := url.Values{"sip_registration_id": {"5"}, "sip_username": {"other"}}
	if status, _, err := send("UpdateSipRegistration", renamed); status != http.StatusGatewayTimeout || err != nil || eddies() != 1 {
		t.Errorf("update: status %d, %v, %d of the old name", status, err, eddies())
	}
	bound := url.Values{"sip_registration_id": {"6"}, "application_id": {"123"}, "bind": {"true"}}
	if _, _, err := send("BindSipRegistration", bound); err == nil || !strings.Contains(export(t, s), "sip_username: eddie\n  proxy: sip.example.com\n  application_id: 123") {
		t.Errorf("bind: %v in\n%s", err, export(t, s))
	}
	if status, text, err := send("DeleteSipRegistration", url.Values{"sip_registration_id": {"6"}}); status != http.StatusOK || text != "" || err != nil || eddies() != 0 {
		t.Errorf("delete: status %d %q, %v, %d left", status, text, err, eddies())
	}
}

func TestAParentActsForItsChildByAToken(t *testing.T) {
	s := withTestKeys(t, "children")
	for account, want := range map[int64]string{1: "JohnGalt", 2: "dagny"} {
		if got := callAs(t, s, "owner-key", account, "GetSipRegistrations", url.Values{}); !strings.Contains(got, want) {
			t.Errorf("account %d: %s", account, got)
		}
	}
	if code := codeOf(t, callAs(t, s, "owner-key", 3, "GetSipRegistrations", url.Values{})); code != 100 {
		t.Errorf("the child that was switched off: code %d", code)
	}
}

// The time from the name of the largest built-in scenario to the first reply.
func BenchmarkLoadMany(b *testing.B) {
	s := newServer(b)
	for b.Loop() {
		if err := s.Load("many"); err != nil {
			b.Fatal(err)
		}
		s.Handler().ServeHTTP(httptest.NewRecorder(), get("GetSipRegistrations", url.Values{}))
	}
}
