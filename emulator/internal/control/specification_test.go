package control_test

import (
	"strings"
	"testing"

	"github.com/voxemu/voxemu/emulator/internal/control"
	"github.com/voxemu/voxemu/emulator/internal/control/described"
)

// exchanges hold a request for every operation and every status that
// openapi.yaml names for it; the test below fails for one that is missing.
var exchanges = []struct {
	target, body string
	status       int
}{
	{"GET /_voxemu/health", "", 200},
	{"GET /_voxemu/config", "", 200},
	{"GET /_voxemu/coverage", "", 200},
	{"GET /_voxemu/metrics", "", 200},
	{"POST /_voxemu/shutdown", "", 200},
	{"POST /_voxemu/reset", "", 200},
	{"POST /_voxemu/reset", "{}", 200},
	{"GET /_voxemu/state", "", 200},
	{"GET /_voxemu/state?format=json&secrets=true", "", 200},
	{"GET /_voxemu/state?format=xml", "", 400},
	{"GET /_voxemu/state?secrets=1", "", 400},
	{"PUT /_voxemu/state", "accounts: []", 200},
	{"PUT /_voxemu/state", "broken", 422},
	{"GET /_voxemu/scenarios", "", 200},
	{"POST /_voxemu/scenarios", `{"name":"known"}`, 200},
	{"POST /_voxemu/scenarios", `{}`, 400},
	{"POST /_voxemu/scenarios", `{"name":"nobody"}`, 404},
	{"POST /_voxemu/scenarios", `{"yaml":"broken"}`, 422},
	{"GET /_voxemu/scenario.schema.json", "", 200},
	{"GET /_voxemu/snapshots", "", 200},
	{"POST /_voxemu/snapshots", `{"name":"before"}`, 200},
	{"POST /_voxemu/snapshots", `{"name":"taken"}`, 409},
	{"POST /_voxemu/snapshots", `{"name":"a/b"}`, 422},
	{"POST /_voxemu/snapshots/known/restore", "", 200},
	{"POST /_voxemu/snapshots/nobody/restore", "", 404},
	{"DELETE /_voxemu/snapshots/known", "", 200},
	{"DELETE /_voxemu/snapshots/nobody", "", 404},
	{"GET /_voxemu/clock", "", 200},
	{"POST /_voxemu/clock/advance", `{"duration":"1mo2d3h"}`, 200},
	{"POST /_voxemu/clock/advance", `{"duration":"-1h"}`, 400},
	{"POST /_voxemu/clock/advance", ``, 400},
	{"POST /_voxemu/clock/advance", `{"duration":"1200mo36525d"}`, 422},
	{"POST /_voxemu/clock/set", `{"now":"2026-03-01T00:00:00Z"}`, 200},
	{"POST /_voxemu/clock/set", `{"now":"2025-03-01T00:00:00Z"}`, 409},
	{"POST /_voxemu/clock/set", `{"now":"2225-03-01T00:00:00Z"}`, 422},
	{"POST /_voxemu/clock/set", `{}`, 400},
	{"POST /_voxemu/clock/set", `{"now":"tomorrow"}`, 400},
	{"POST /_voxemu/clock/freeze", "", 200},
	{"POST /_voxemu/clock/resume", "", 200},
	{"GET /_voxemu/accounts", "", 200},
	{"POST /_voxemu/accounts", "", 200},
	{"POST /_voxemu/accounts", `{"name":"a","balance":"5.00","roles":["Owner"],"applications":[{"name":"x","rules":["r"],"users":["u"]}]}`, 200},
	{"POST /_voxemu/accounts", `{"name":"taken"}`, 409},
	{"POST /_voxemu/accounts", `{"name":"nonsense"}`, 422},
	{"DELETE /_voxemu/accounts/1", "", 200},
	{"DELETE /_voxemu/accounts/2", "", 409},
	{"DELETE /_voxemu/accounts/3", "", 404},
	{"DELETE /_voxemu/accounts/demo", "", 400},
	{"POST /_voxemu/accounts/1/top-up", `{"amount":"10.00"}`, 200},
	{"POST /_voxemu/accounts/1/top-up", `{"amount":10}`, 400},
	{"POST /_voxemu/accounts/1/top-up", `{"amount":"ten"}`, 400},
	{"POST /_voxemu/accounts/3/top-up", `{"amount":"10.00"}`, 404},
	{"POST /_voxemu/accounts/1/top-up", `{"amount":"-10.00"}`, 422},
	{"POST /_voxemu/accounts/1/top-up", ``, 422},
	{"GET /_voxemu/keys/known/credentials", "", 200},
	{"GET /_voxemu/keys/nobody/credentials", "", 404},
	{"GET /_voxemu/registrations", "", 200},
	{"GET /_voxemu/registrations?account_id=1&state=failed", "", 200},
	{"GET /_voxemu/registrations?state=lost", "", 400},
	{"POST /_voxemu/registrations/1/answer", `{"status_code":403,"reason":"Forbidden"}`, 200},
	{"POST /_voxemu/registrations/2/answer", `{"status_code":403}`, 409},
	{"POST /_voxemu/registrations/3/answer", `{"status_code":403}`, 404},
	{"POST /_voxemu/registrations/1/answer", `{"status_code":100}`, 422},
	{"GET /_voxemu/users?account_id=1", "", 200},
	{"POST /_voxemu/users/1/login", "", 200},
	{"POST /_voxemu/users/3/login", "", 404},
	{"POST /_voxemu/users/1/logout", "", 200},
	{"POST /_voxemu/users/3/logout", "", 404},
	{"GET /_voxemu/callbacks?account_id=1", "", 200},
	{"POST /_voxemu/callbacks/1/redeliver", "", 200},
	{"POST /_voxemu/callbacks/3/redeliver", "", 404},
	{"GET /_voxemu/requests?method=A&code=0&not_emulated=false&since=2026-01-01T00:00:00Z&parameter=a=b&parameter=c=", "", 200},
	{"GET /_voxemu/requests?parameter=a", "", 400},
	{"GET /_voxemu/requests?parameter=a=1&parameter=a=2", "", 400},
	{"GET /_voxemu/requests?since=yesterday", "", 400},
	{"GET /_voxemu/requests?code=1&code=2", "", 400},
	{"DELETE /_voxemu/requests?account_id=1", "", 200},
	{"GET /_voxemu/requests/count", "", 200},
	{"GET /_voxemu/requests/wait?count=1&timeout=5s&method=A", "", 200},
	{"GET /_voxemu/requests/wait?count=2&timeout=1ms", "", 409},
	{"GET /_voxemu/requests/wait?count=0", "", 400},
	{"GET /_voxemu/requests/wait?timeout=soon", "", 400},
	{"GET /_voxemu/requests/har", "", 200},
	{"GET /_voxemu/requests/jsonl", "", 200},
	{"POST /_voxemu/verify", `{"filter":{"method":"A"}}`, 200},
	{"POST /_voxemu/verify", `{"filter":{},"times":{"min":10}}`, 422},
	{"POST /_voxemu/verify", `{"filter":{"method":"B"}}`, 409},
	{"POST /_voxemu/verify", `{"filter":{"methods":"B"}}`, 400},
	{"GET /_voxemu/faults", "", 200},
	{"POST /_voxemu/faults", `{"name":"known","then":{"hang":{}}}`, 200},
	{"POST /_voxemu/faults", `{"name":"taken","then":{"hang":{}}}`, 409},
	{"POST /_voxemu/faults", `{"name":"known"}`, 422},
	{"PUT /_voxemu/faults", `{"faults":[]}`, 200},
	{"PUT /_voxemu/faults", `{"faults":[{}]}`, 422},
	{"GET /_voxemu/faults?account_id=1", "", 200},
	{"DELETE /_voxemu/faults?account_id=1", "", 200},
	{"GET /_voxemu/faults/known", "", 200},
	{"GET /_voxemu/faults/nobody", "", 404},
	{"PUT /_voxemu/faults/known", `{"then":{"hang":{}}}`, 200},
	{"PUT /_voxemu/faults/known", `{"name":"taken","then":{"hang":{}}}`, 409},
	{"PUT /_voxemu/faults/known", `{}`, 422},
	{"DELETE /_voxemu/faults/known", "", 200},
	{"DELETE /_voxemu/faults/nobody", "", 404},
	{"GET /_voxemu/events?account_id=1", "", 200},
	{"GET /_voxemu/ca.pem", "", 200},
	{"GET /_voxemu/openapi.yaml", "", 200},
	{"GET /openapi.yaml", "", 200},
}

// missing lists what openapi.yaml describes and nobody saw.
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

func TestEveryAnswerIsTheOneThatIsDescribed(t *testing.T) {
	j := described.New(t, "openapi.yaml")
	handler := serve(t, fake(), false)
	for _, x := range exchanges {
		got := request(handler, x.target, x.body)
		if got.Code != x.status {
			t.Errorf("%s %s: %d, want %d: %s", x.target, x.body, got.Code, x.status, got.Body)
		}
		j.Check(t, x.target, got)
	}
	// Every operation refuses parameters that it does not know: its default.
	for path, item := range j.Doc.Paths.Map() {
		for verb := range item.Operations() {
			target := verb + " " + strings.NewReplacer("{id}", "1", "{name}", "known").Replace(path) + "?nonsense=1"
			got := request(handler, target, "")
			if got.Code != 400 || !strings.Contains(got.Body.String(), `"parameter": "nonsense"`) {
				t.Errorf("%s: %d %s", target, got.Code, got.Body)
			}
			j.Check(t, target, got)
		}
	}
	shut := fake()
	shut.Process.Shutdown = nil
	j.Check(t, "POST /_voxemu/shutdown", request(serve(t, shut, false), "POST /_voxemu/shutdown", ""))
	for _, answer := range missing(j) {
		t.Errorf("no request has the answer: %s", answer)
	}
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
