package control_test

import (
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/internal/control"
	"github.com/voxemu/voxemu/emulator/internal/control/described"
)

// exchanges are requests, in this order, for all operations and all their statuses in
// openapi.yaml. The test below fails if one is missing.
var exchanges = []struct {
	target, body string
	status       int
}{
	{"GET /_voxemu/health", "", 200},
	{"GET /_voxemu/callbacks/1", "", 200},
	{"GET /_voxemu/callbacks/99", "", 404},
	{"POST /_voxemu/callbacks/1/redeliver", "", 200},
	{"DELETE /_voxemu/accounts/1", "", 409},
	{"GET /_voxemu/config", "", 200},
	{"GET /_voxemu/coverage", "", 200},
	{"GET /_voxemu/methods", "", 200},
	{"GET /_voxemu/assumptions", "", 200},
	{"GET /_voxemu/metrics", "", 200},
	{"GET /_voxemu/report", "", 200},
	{"GET /_voxemu/report?format=html", "", 200},
	{"GET /_voxemu/report?format=junit", "", 200},
	{"GET /_voxemu/report?format=markdown&method=*SipRegistration*", "", 200},
	{"GET /_voxemu/report?format=github", "", 200},
	{"GET /_voxemu/report?format=pdf", "", 400},
	{"GET /_voxemu/report?method=Nothing", "", 400},
	{"DELETE /_voxemu/report", "", 200},
	{"GET /_voxemu/ca.pem", "", 200},
	{"GET /_voxemu/openapi.yaml", "", 200},
	{"GET /openapi.yaml", "", 200},
	{"GET /_voxemu/scenario.schema.json", "", 200},
	{"GET /_voxemu/rule.schema.json", "", 200},
	{"GET /_voxemu/expectation.schema.json", "", 200},
	{"GET /_voxemu/scenarios", "", 200},
	{"POST /_voxemu/scenarios", `{}`, 400},
	{"POST /_voxemu/scenarios/check", `{}`, 400},
	{"POST /_voxemu/scenarios/check", `{"name":"nobody"}`, 404},
	{"POST /_voxemu/scenarios/check", `{"yaml":"accounts: [{}]"}`, 200},
	{"POST /_voxemu/scenarios/check", `{"name":"demo","yaml":"billing: {monthly_fee: 2.00}"}`, 200},
	{"GET /_voxemu/scenarios/demo", "", 200},
	{"GET /_voxemu/scenarios/nobody", "", 404},
	{"GET /_voxemu/scenario", "", 200},
	{"POST /_voxemu/scenarios", `{"name":"nobody"}`, 404},
	{"POST /_voxemu/scenarios", `{"name":"../demo"}`, 404},
	{"POST /_voxemu/scenarios", `{"yaml":"accounts: [{}]"}`, 422},
	{"POST /_voxemu/scenarios", `{"name":"demo","yaml":"billing: {monthly_fee: 2.00}"}`, 200},
	{"POST /_voxemu/snapshots", `{"name":"a"}`, 200},
	{"POST /_voxemu/snapshots", `{"name":"a"}`, 409},
	{"POST /_voxemu/snapshots", `{"name":"a/b"}`, 422},
	{"GET /_voxemu/snapshots", "", 200},
	{"GET /_voxemu/snapshots/a/compare", "", 200},
	{"GET /_voxemu/snapshots/a/compare?with=a", "", 200},
	{"GET /_voxemu/snapshots/b/compare", "", 404},
	{"POST /_voxemu/snapshots/a/restore", "", 200},
	{"POST /_voxemu/snapshots/b/restore", "", 404},
	{"DELETE /_voxemu/snapshots/b", "", 404},
	{"DELETE /_voxemu/snapshots/a", "", 200},
	{"GET /_voxemu/clock", "", 200},
	{"GET /_voxemu/clock/due", "", 200},
	{"GET /_voxemu/clock/due?until=2027-01-31T00:00:00Z", "", 200},
	{"GET /_voxemu/clock/due?until=soon", "", 400},
	{"POST /_voxemu/clock/advance", `{"duration":"1mo"}`, 200},
	{"POST /_voxemu/clock/advance", `{"duration":"1mo","anchor":31}`, 200},
	{"POST /_voxemu/clock/advance", `{"duration":"31d","anchor":31}`, 422},
	{"POST /_voxemu/clock/advance", `{"duration":"1mo","anchor":32}`, 422},
	{"POST /_voxemu/clock/advance", `{"duration":"-1h"}`, 400},
	{"POST /_voxemu/clock/advance", ``, 400},
	{"POST /_voxemu/clock/advance", `{"duration":"1200mo36525d"}`, 422},
	{"GET /_voxemu/accounts", "", 200},
	{"POST /_voxemu/accounts", `{"name":"demo"}`, 409},
	{"POST /_voxemu/accounts", `{"currency":"gold","roles":["King"],"applications":[{"name":"a"},{"name":"a"}]}`, 422},
	{"POST /_voxemu/accounts", `{"applications":[{"name":"app","rules":["r","s"],"users":["u"]}]}`, 200},
	{"POST /_voxemu/accounts", `{"credentials":false}`, 200},
	{"DELETE /_voxemu/accounts/77", "", 404},
	{"DELETE /_voxemu/accounts/demo", "", 400},
	{"DELETE /_voxemu/accounts/2", "", 200},
	{"GET /_voxemu/registrations?account_id=1&state=failed", "", 200},
	{"GET /_voxemu/registrations?after=1&limit=2", "", 200},
	{"GET /_voxemu/registrations?limit=0", "", 400},
	{"GET /_voxemu/registrations?state=lost", "", 400},
	{"GET /_voxemu/keys?account_id=1", "", 200},
	{"GET /_voxemu/keys/nobody/credentials", "", 404},
	{"GET /_voxemu/keys/owner-key/credentials", "", 409},
	{"POST /_voxemu/keys/nobody/credentials", "", 404},
	{"POST /_voxemu/keys/owner-key/credentials", "", 200},
	{"GET /_voxemu/keys/owner-key/credentials", "", 200},
	{"POST /_voxemu/keys/nobody/token", "", 404},
	{"POST /_voxemu/keys/owner-key/token", "", 200},
	{"POST /_voxemu/state?account_id=1", `{"registrations":[{"proxy":"sip.example.com"}]}`, 200},
	{"POST /_voxemu/state", "users: [{id: 9, application_id: 99}]", 422},
	{"POST /_voxemu/state", `{"registration":[]}`, 422},
	{"POST /_voxemu/state", "extends: demo", 422},
	{"PUT /_voxemu/state", "accounts: [{}]", 422},
	{"PUT /_voxemu/state", "accounts: [{id: 1, name: a}]", 200},
	{"GET /_voxemu/state?format=json", "", 200},
	{"GET /_voxemu/state", "", 200},
	{"GET /_voxemu/state?format=xml", "", 400},
	{"GET /_voxemu/state?secrets=1", "", 400},
	{"POST /_voxemu/clock/resume", "", 200},
	{"POST /_voxemu/clock/stop", "", 200},
	{"POST /_voxemu/clock/set", `{"now":"2031-01-01T00:00:00Z"}`, 200},
	{"POST /_voxemu/clock/set", `{"now":"2030-01-01T00:00:00Z"}`, 409},
	{"POST /_voxemu/clock/set", `{"now":"2225-03-01T00:00:00Z"}`, 422},
	{"POST /_voxemu/clock/set", `{}`, 400},
	{"POST /_voxemu/clock/set", `{"now":"tomorrow"}`, 400},
	{"POST /_voxemu/reset", "", 200},
	{"POST /_voxemu/reset?account_id=1", "", 200},
	{"POST /_voxemu/reset?account_id=77", "", 404},
	{"POST /_voxemu/reset?account_id=demo", "", 400},
	{"POST /_voxemu/registrations/1/answer", `{"status_code":403,"reason":"Forbidden"}`, 200},
	{"GET /_voxemu/registrations/1/history", "", 200},
	{"GET /_voxemu/registrations/99/history", "", 404},
	{"GET /_voxemu/sip-messages?registration_id=1", "", 200},
	{"GET /_voxemu/sip-messages?calls=true", "", 200},
	{"POST /_voxemu/registrations/4/answer", `{"status_code":403}`, 409},
	{"POST /_voxemu/registrations/99/answer", `{"status_code":403}`, 404},
	{"POST /_voxemu/registrations/1/answer", `{"status_code":100}`, 422},
	{"GET /_voxemu/users", "", 200},
	{"POST /_voxemu/users/123/login", "", 200},
	{"POST /_voxemu/users/123/logout", "", 200},
	{"POST /_voxemu/users/99/login", "", 404},
	{"POST /_voxemu/users/99/logout", "", 404},
	{"POST /_voxemu/accounts/1/top-up", `{"amount":"10.00"}`, 200},
	{"GET /_voxemu/accounts/1/transactions", "", 200},
	{"GET /_voxemu/accounts/99/transactions", "", 404},
	{"POST /_voxemu/accounts/1/top-up", `{"amount":"-1"}`, 422},
	{"POST /_voxemu/accounts/1/top-up", ``, 422},
	{"POST /_voxemu/accounts/1/top-up", `{"amount":10}`, 400},
	{"POST /_voxemu/accounts/1/top-up", `{"amount":"ten"}`, 400},
	{"POST /_voxemu/accounts/99/top-up", `{"amount":"10.00"}`, 404},
	{"POST /_voxemu/accounts/1/freeze", `{}`, 200},
	{"POST /_voxemu/accounts/1/freeze", `{"frozen":false}`, 200},
	{"POST /_voxemu/accounts/99/freeze", `{}`, 404},
	{"POST /_voxemu/callbacks/settle", "", 200},
	{"GET /_voxemu/callbacks?account_id=1", "", 200},
	{"POST /_voxemu/callbacks/99/redeliver", "", 404},
	{"GET /_voxemu/requests", "", 200},
	{"GET /_voxemu/requests?kind=call&method=GetSipRegistrations&account_id=1&code=0&mistake=any&parameter=count=1&since=2026-01-01T00:00:00Z", "", 200},
	{"GET /_voxemu/requests?kind=letter", "", 400},
	{"GET /_voxemu/requests?callback_type=sip_registration_failed", "", 400},
	{"GET /_voxemu/requests?mistake=grave", "", 400},
	{"GET /_voxemu/requests?parameter=a", "", 400},
	{"GET /_voxemu/requests?parameter=a=1&parameter=a=2", "", 400},
	{"GET /_voxemu/requests?since=yesterday", "", 400},
	{"GET /_voxemu/requests?code=1&code=2", "", 400},
	{"GET /_voxemu/requests?parameter=api_key=demo-key", "", 400},
	{"GET /_voxemu/requests?last=2", "", 200},
	{"GET /_voxemu/requests?last=0", "", 400},
	{"GET /_voxemu/requests/2", "", 200},
	{"GET /_voxemu/requests/999999", "", 404},
	{"GET /_voxemu/requests/2/explain", "", 200},
	{"GET /_voxemu/requests/999999/explain", "", 404},
	{"POST /_voxemu/faults/preview", `{"when":{"method":"Create*"},"then":{"hang":{}},"times":1}`, 200},
	{"POST /_voxemu/faults/preview", `{"then":{}}`, 422},
	{"GET /_voxemu/requests/count?account_id=1", "", 200},
	{"GET /_voxemu/requests/wait?count=1", "", 200},
	{"GET /_voxemu/requests/wait?count=99&timeout=1ms", "", 409},
	{"GET /_voxemu/requests/wait?count=0", "", 400},
	{"GET /_voxemu/requests/wait?timeout=soon", "", 400},
	{"GET /_voxemu/requests/har", "", 200},
	{"GET /_voxemu/requests/jsonl", "", 200},
	{"POST /_voxemu/verify", `{"filter":{"method":"GetSipRegistrations","parameters":{"count":"1","api_key":{"given":true},"proxy":{"given":false}}}}`, 200},
	{"POST /_voxemu/verify", `{"filter":{"method":"GetSipRegistrations","parameters":{"count":2}},"times":{"min":1,"max":1}}`, 409},
	{"POST /_voxemu/verify", `{"filter":{"metod":"x","parameters":{"a":{"pattern":"("}}},"time":{}}`, 400},
	{"POST /_voxemu/verify", `{"filter":{},"times":{"min":3,"max":2}}`, 422},
	{"POST /_voxemu/verify", `{"filter":{"method":"CreateSipRegistration"},"then":[{"method":"GetSipRegistrations"}]}`, 200},
	{"POST /_voxemu/verify", `{"filter":{"method":"CreateSipRegistration"},"then":[{"method":"BindSipRegistration"}]}`, 409},
	{"POST /_voxemu/verify", `{"filter":{},"then":[{"method":"NoSuchMethod"}]}`, 422},
	{"POST /_voxemu/verify", `{"filter":{},"then":[{}],"times":{"min":1}}`, 422},
	{"POST /_voxemu/mistakes", `{}`, 200},
	{"POST /_voxemu/mistakes", `{"account_id":1,"after":1,"allow_unknown":true,"allow_mistakes":[{"method":"CreateSipRegistration"}]}`, 200},
	{"POST /_voxemu/mistakes", `{"allow_mistakes":[{"method":"NoSuchMethod"}]}`, 422},
	{"DELETE /_voxemu/requests?account_id=1", "", 200},
	{"DELETE /_voxemu/requests", "", 200},
	{"POST /_voxemu/faults", `{"then":{"hang":{}}}`, 200},
	{"POST /_voxemu/faults", `{"name":"poor","when":{"method":"CreateSipRegistration","account":1,"parameters":{"proxy":"*.test"},"from":"10m","probability":0.5},"then":{"api_error":127,"delay":{"fixed":"1s"}},"after":true,"times":2,"optional":true}`, 200},
	{"POST /_voxemu/faults", `{"name":"poor","then":{"hang":{}}}`, 409},
	{"POST /_voxemu/faults", `{"name":"x","when":{"method":"Nothing"},"then":{"api_error":"NOTHING"}}`, 422},
	{"POST /_voxemu/faults", `{"name":"x","when":{"nth":0},"then":{"hangs":{}}}`, 400},
	{"GET /_voxemu/faults", "", 200},
	{"GET /_voxemu/faults?account_id=1", "", 200},
	{"GET /_voxemu/faults/poor", "", 200},
	{"GET /_voxemu/faults/rich", "", 404},
	{"PUT /_voxemu/faults/poor", `{"when":{"account":1},"then":{"reset":{"after_sending":"body"}}}`, 200},
	{"PUT /_voxemu/faults/poor", `{"when":{"account":2},"then":{"hang":{}}}`, 409},
	{"PUT /_voxemu/faults/poor", `{"name":"rich","then":{"hang":{}}}`, 422},
	{"PUT /_voxemu/faults/poor", `{"then":{}}`, 422},
	{"PUT /_voxemu/faults", `{"faults":[{"name":"a","then":{"rate_limit":{"calls":5,"per":"1s","status":429}}},{"name":"b","then":{"http":{"status":502,"headers":{"Content-Type":"text/html"}}}}]}`, 200},
	{"PUT /_voxemu/faults", `{"faults":[{"name":"a","then":{"hang":{}}},{"name":"a","then":{"hang":{}}}]}`, 422},
	{"PUT /_voxemu/faults", ``, 422},
	{"DELETE /_voxemu/faults/a", "", 200},
	{"DELETE /_voxemu/faults/a", "", 404},
	{"DELETE /_voxemu/faults?account_id=1", "", 200},
	{"DELETE /_voxemu/faults", "", 200},
	{"GET /_voxemu/console/", "", 200},
	{"GET /_voxemu/console/main.js", "", 200},
	{"GET /_voxemu/console/console.css", "", 200},
	{"GET /_voxemu/console/icon.svg", "", 200},
	{"GET /_voxemu/console/nothing.js", "", 404},
	{"GET /_voxemu/docs/", "", 200},
	{"GET /_voxemu/docs/scalar.js", "", 200},
	{"GET /_voxemu/docs/reference.js", "", 200},
	{"GET /_voxemu/docs/nothing.js", "", 404},
	{"POST /_voxemu/reset", "{}", 200},
	{"POST /_voxemu/shutdown", "", 200},
}

// missing returns the replies in openapi.yaml that were not received.
func missing(j *described.Judge) []string {
	var list []string
	for _, item := range j.Doc.Paths.Map() {
		for _, operation := range item.Operations() {
			for status := range operation.Responses.Map() {
				if key := operation.OperationID + " " + status; !j.Seen[key] {
					list = append(list, key)
				}
			}
		}
	}
	return list
}

func TestEveryReplyIsTheOneThatIsDescribed(t *testing.T) {
	j := described.New(t, "openapi.yaml")
	handler := serve(t, false, emulator.WithScenario("demo", family(t)), emulator.WithShutdown(func() {}))
	for _, x := range exchanges {
		if strings.HasPrefix(x.target, "GET /_voxemu/requests") {
			request(handler, "GET /platform_api/GetSipRegistrations?count=1&account_id=1&api_key=demo-key", "")
			request(handler, "GET /platform_api/CreateSipRegistration?is_persistent=perhaps&colour=red&account_id=1&api_key=demo-key", "")
		}
		got := request(handler, x.target, x.body)
		if got.Code != x.status {
			t.Errorf("%s %s: %d, want %d: %s", x.target, x.body, got.Code, x.status, got.Body)
		}
		j.Check(t, x.target, got)
	}
	left, leave := context.WithCancel(t.Context())
	leave() // a stream ends when the client disconnects
	stream := httptest.NewRequest("GET", "/_voxemu/events", nil).WithContext(left)
	stream.Host = "localhost"
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, stream)
	j.Check(t, "GET /_voxemu/events", w)
	// All operations refuse unknown parameters.
	for path, item := range j.Doc.Paths.Map() {
		for verb := range item.Operations() {
			target := verb + " " + strings.NewReplacer("{id}", "1", "{name}", "known", "{number}", "1", "{file}", "reference.js").Replace(path) + "?nonsense=1"
			got := request(handler, target, "")
			if got.Code != 400 || !strings.Contains(got.Body.String(), `"parameter": "nonsense"`) {
				t.Errorf("%s: %d %s", target, got.Code, got.Body)
			}
			j.Check(t, target, got)
		}
	}
	j.Check(t, "GET /_voxemu/console/", request(serve(t, false, emulator.WithConsole(false)), "GET /_voxemu/console/", ""))
	j.Check(t, "GET /_voxemu/report", request(serve(t, false, emulator.WithJournalSize(0)), "GET /_voxemu/report", ""))
	j.Check(t, "POST /_voxemu/shutdown", request(serve(t, false), "POST /_voxemu/shutdown", ""))
	for _, reply := range missing(j) {
		t.Errorf("no request has the reply: %s", reply)
	}
}

// family returns a scenario file with a child account and a callback.
func family(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "family.yaml")
	const text = "accounts: [{id: 9, name: child, parent_account_id: 1}]\ncallbacks: [{id: 1, account_id: 1, type: min_balance, state: delivered}]\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestTheDescriptionIsReadByLineAsItIsAsOpenAPI(t *testing.T) {
	doc := described.New(t, "openapi.yaml").Doc
	want := map[string]bool{}
	for path, item := range doc.Paths.Map() {
		for verb, operation := range item.Operations() {
			want[verb+" "+path+" ("+operation.OperationID+")"] = true
		}
	}
	read := control.Operations()
	for _, got := range read {
		if !want[got] {
			t.Errorf("read by line: %s", got)
		}
	}
	if len(read) != len(want) {
		t.Errorf("read %d operations by line, there are %d", len(read), len(want))
	}
}
