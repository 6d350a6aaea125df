package emulator_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/vox"
)

// ask explains a request to a server with a scenario.
func ask(t *testing.T, q emulator.Question, scenario string) emulator.Explanation {
	t.Helper()
	file := filepath.Join(t.TempDir(), "scenario.yaml")
	if err := os.WriteFile(file, []byte(scenario), 0o600); err != nil {
		t.Fatal(err)
	}
	x, err := emulator.Explain(q, emulator.WithScenario(file))
	if err != nil {
		t.Fatal(err)
	}
	return x
}

var creating = emulator.Question{
	Method: "CreateSipRegistration", Parameters: url.Values{"sip_username": {"eddie"}, "proxy": {"sip-403.test"}},
}

func TestExplainSaysWhichRuleTakesTheCallAndWhatTheOthersMiss(t *testing.T) {
	x := ask(t, creating, `
extends: demo
faults:
  - {name: second, when: {method: Create*, nth: 2}, then: {reset: {}}}
  - {name: limit, then: {rate_limit: {calls: 1}}}
  - {name: lost, then: {http: {status: 504}}, after: true}
  - {name: late, then: {hang: {}}}
`)
	want := []fault.Verdict{
		{Rule: "second", Number: 1, Unmet: "when.nth"}, {Rule: "limit", Number: 1, Unmet: "then.rate_limit"},
		{Rule: "lost", Number: 1}, {Rule: "late", Number: 1},
	}
	if diff := cmp.Diff(want, x.Verdicts); diff != "" {
		t.Errorf("verdicts (-want +got):\n%s", diff)
	}
	if x.Fault == nil || x.Fault.Name != "lost" || x.Status != http.StatusGatewayTimeout || x.ActingFor != 1 {
		t.Errorf("%+v", x)
	}
	if x.RegistrationID != 5 || x.Registrar == nil || x.Registrar.MagicHost != "sip-403.test" { // created, although the client gets no reply
		t.Errorf("registration %d: %+v", x.RegistrationID, x.Registrar)
	}
	if len(creating.Parameters) != 2 {
		t.Errorf("the question has changed: %v", creating.Parameters)
	}
}

func TestExplainEndsWhateverTheFaultIs(t *testing.T) {
	for _, kind := range []string{
		"api_error: 127", "http: {status: 502}", "delay: {fixed: 1000h}", "slow_body: {over: 1000h}", "hang: {}", "hang: {}, delay: {fixed: 9h}",
		"reset: {}", "reset: {after_sending: body}", "close: {after_sending: headers}", "empty_body: {}", "truncated_json: {}", "malformed_json: {}",
		"content_type: text/html", "duplicate_reply: {}",
	} {
		x := ask(t, creating, "extends: demo\nfaults: [{name: rule, then: {"+kind+"}}]")
		if x.Fault == nil || x.Request.Fault != "rule" {
			t.Errorf("%s: %+v", kind, x)
		}
		if silent := strings.HasPrefix(kind, "hang") || kind == "reset: {}" || kind == "close: {after_sending: headers}"; silent != (x.Status == 0) {
			t.Errorf("%s: status %d", kind, x.Status)
		}
	}
}

func TestExplainLooksAheadInTime(t *testing.T) {
	for ahead, want := range map[time.Duration]int{0: 200, 2 * time.Minute: 503, 7 * time.Minute: 200} {
		x, err := emulator.Explain(emulator.Question{Method: "GetSipRegistrations", Ahead: clock.Span{Rest: ahead}}, emulator.WithScenario("outage"))
		if err != nil || x.Status != want {
			t.Errorf("after %s: status %d, %v; want %d", ahead, x.Status, err, want)
		}
	}
}

func TestExplainNamesTheMistakesOfACall(t *testing.T) {
	x := ask(t, emulator.Question{Method: "CreateSipRegistration", Parameters: url.Values{"account_id": {"1"}, "proxi": {"a"}}}, "extends: demo")
	if x.Registrar != nil || x.Request.Error != "INVALID_USERNAME" || !strings.Contains(strings.Join(x.Request.Explain(), "\n"), "CreateSipRegistration has no parameter proxi") {
		t.Errorf("%+v: %v", x, x.Request.Explain())
	}
	wrong := ask(t, emulator.Question{Method: "GetSipRegistrations", Parameters: url.Values{"account_id": {"1"}, "api_key": {"wrong"}}}, "extends: demo")
	if wrong.ActingFor != 0 || wrong.Request.Code != 100 {
		t.Errorf("a call with a wrong api_key: %+v", wrong)
	}
}

func TestExplainPredictsTheRegistrarOfAnUpdate(t *testing.T) {
	const rules = "extends: demo\nregistrar: {rules: [{proxy: '*.down.example.com', answers: [503, 200], delay: 10s}]}"
	update := func(id string) emulator.Explanation {
		return ask(t, emulator.Question{Method: "UpdateSipRegistration", Parameters: url.Values{"sip_registration_id": {id}, "proxy": {"eu.down.example.com"}}}, rules)
	}
	want := &vox.Forecast{Rule: 1, Answers: []string{"503 Service Unavailable", "200 OK"}, Delay: 10 * time.Second}
	if diff := cmp.Diff(want, update("1").Registrar); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if x := update("4"); x.Registrar == nil || x.Registrar.Offline != "is frozen (deactivated)" {
		t.Errorf("a frozen one: %+v", x.Registrar)
	}
	if x := update("99"); x.Registrar != nil || x.Request.Code == 0 {
		t.Errorf("an unknown one: %+v", x)
	}
}

func TestExplainSendsNoCallbacks(t *testing.T) {
	received := newReceiver(t)
	x := ask(t, emulator.Question{Method: "CreateSipRegistration", Parameters: url.Values{"account_id": {"1"}, "sip_username": {"a"}, "proxy": {"sip-403.test"}}, Ahead: clock.Span{Months: 2}},
		"extends: low-balance\naccounts: [{id: 1, name: demo, api_key: demo-key, balance: 0.50, min_balance_to_notify: 5, callback_url: '"+received.url+"'}]\n"+
			"callbacks: [{id: 1, type: min_balance}]")
	if x.Status != http.StatusOK {
		t.Errorf("%+v", x)
	}
	if got := received.drain(t); len(got) > 0 {
		t.Errorf("received:\n%s", got)
	}
}
