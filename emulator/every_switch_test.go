package emulator_test

import (
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

const everySwitch = "testdata/every_switch.yaml"

// effects are the calls by which a client notices a switch of everySwitch, in this
// order, and what the last one answers with the switch and without it.
var effects = map[string]struct {
	calls         []string
	with, without string
}{
	"user_binding":         {[]string{"CreateSipRegistration?sip_username=x&proxy=pbx.example.com&is_persistent=false&application_id=123&user_id=123"}, `"code":496`, `"result":1`},
	"id_and_name":          {[]string{"BindSipRegistration?sip_registration_id=1&application_id=123&application_name=myapp"}, `"code":458`, `"result":1`},
	"unknown_filter":       {[]string{"GetSipRegistrations?application_name=nobody"}, `"code":107`, `"count":0`},
	"created_key":          {[]string{"CreateKey?key_name=x"}, `^{"result":\[`, `^{"result":{`},
	"missing_reference":    {[]string{"GetRules?count=1"}, `"code":485`, `"code":116`},
	"count_above_maximum":  {[]string{"GetApplications?count=1001"}, `"code":496`, `"count":2`},
	"deleted_registration": {[]string{"DeleteSipRegistration?sip_registration_id=1", "GetTransactionHistory?count=1"}, `"count":0`, `"count":1`},
	"charge_type":          {[]string{"GetTransactionHistory?is_uncommitted=true"}, `"subscription_charge"`, `"sip_registration_charge"`},
	"password_policy":      {[]string{"AddUser?application_id=123&user_name=carol&user_display_name=Carol&user_password=p@ssw0rd"}, `"result":1`, `"code":112`},
	"scenario_name_filter": {[]string{"GetScenarios?scenario_name=greet"}, `"count":1`, `"count":0`},
}

func TestOneScenarioMaySetEverySwitchToItsOtherValue(t *testing.T) {
	scenario, err := scenarios.Load(everySwitch)
	if err != nil {
		t.Fatal(err)
	}
	chosen := reflect.ValueOf(scenario.Behaviour)
	for i := range chosen.NumField() {
		field := chosen.Type().Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		defaultValue, _, _ := strings.Cut(strings.TrimPrefix(field.Tag.Get("jsonschema"), "enum="), ",")
		if value := chosen.Field(i).String(); value == "" || value == defaultValue {
			t.Errorf("%s is %q in %s", name, value, everySwitch)
		}
		switch effect, ok := effects[name]; {
		case ok:
			for scenario, want := range map[string]string{everySwitch: effect.with, "demo": effect.without} {
				s := newServer(t, emulator.WithScenario(scenario), emulator.WithClock(clock.Stopped(start)))
				if body := lastReply(t, s, effect.calls); !regexp.MustCompile(want).MatchString(body) {
					t.Errorf("%s: %v on %s: %s, want %s", name, effect.calls, scenario, body, want)
				}
			}
		case name != "missing_role" && name != "first_failure": // in the tests below
			t.Errorf("%s has no effect: say which call shows it", name)
		}
	}
}

// lastReply makes calls with the account's key and gives the last reply.
func lastReply(t *testing.T, s *emulator.Server, calls []string) (body string) {
	t.Helper()
	for _, c := range calls {
		method, query, _ := strings.Cut(c, "?")
		p, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		body = call(t, s, method, p)
	}
	return body
}

func TestEverySwitchTogetherChangesRolesAndCallbacks(t *testing.T) {
	for scenario, want := range map[string]struct{ code, callbacks int }{everySwitch: {104, 1}, "demo": {100, 0}} {
		s := newServer(t, emulator.WithScenario(scenario), emulator.WithClock(clock.Stopped(start)))
		key, err := s.Credentials("support-key")
		if err != nil {
			t.Fatal(err)
		}
		if body := from(t, s, "127.0.0.1:1", "GetAuditLog", ever, signedWith(t, key)); codeOf(t, body) != want.code {
			t.Errorf("%s: a missing role: %s, want %d", scenario, body, want.code)
		}
		call(t, s, "CreateSipRegistration", url.Values{"sip_username": {"sales"}, "proxy": {"sip-403.test"}})
		advance(t, s, time.Minute)
		failures := 0
		for _, c := range s.Callbacks(0) {
			if c.Type == vox.RegistrationFailed {
				failures++
			}
		}
		if failures != want.callbacks {
			t.Errorf("%s: %d callbacks about the first failure, want %d", scenario, failures, want.callbacks)
		}
	}
}
