package emulator_test

import (
	"fmt"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/scenarios"
)

// behaving returns a server with the demo and a user of an application, a stopped clock
// and the given members of behaviour.
func behaving(t *testing.T, behaviour string) *emulator.Server {
	t.Helper()
	s := newServer(t, emulator.WithClock(clock.Stopped(start)))
	text := "extends: demo\naccounts: [{id: 1, name: demo, api_key: demo-key, balance: 100.00, callback_url: 'http://127.0.0.1:9/'}]\nbehaviour: {" + behaviour + "}"
	if err := s.LoadSources(scenarios.Source{Name: "behaviour", Text: []byte(text)}); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAFirstFailureIsReportedOnlyIfTheScenarioSaysSo(t *testing.T) {
	for behaviour, want := range map[string][]string{
		"":                        {},
		"first_failure: silent":   {},
		"first_failure: reported": {"sip_registration_fail", "sip_registration_recovered"},
	} {
		s := behaving(t, behaviour)
		create := url.Values{"sip_username": {"sales"}, "proxy": {"sip-503-then-200.test"}}
		answer(t, s.Handler(), forms()[0].make(t, "CreateSipRegistration", apiKey(create)))
		advance(t, s, time.Minute)
		got := []string{}
		for _, c := range s.Callbacks(0) {
			got = append(got, string(c.Type))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", behaviour, diff)
		}
		before := export(t, s)
		if err := s.LoadSources(scenarios.Source{Name: "export", Text: []byte(before)}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, export(t, s)); diff != "" {
			t.Errorf("%s: export and load (-before +after):\n%s", behaviour, diff)
		}
	}
}

func TestTheLenientPasswordPolicyAsksForSixCharacters(t *testing.T) {
	for _, c := range []struct {
		behaviour, password string
		code                int
	}{
		{"", "p@ssw0rd", 112}, {"password_policy: documented", "p@ssw0rd", 112},
		{"password_policy: lenient", "p@ssw0rd", 0}, {"password_policy: lenient", "p@ssw", 112},
	} {
		add := url.Values{"user_name": {"carol"}, "user_display_name": {"Carol"}, "user_password": {c.password}, "application_id": {"123"}}
		reply := answer(t, behaving(t, c.behaviour).Handler(), forms()[0].make(t, "AddUser", apiKey(add)))
		if got := codeOf(t, reply); got != c.code {
			t.Errorf("%s, %s: error %d, want %d", c.behaviour, c.password, got, c.code)
		}
	}
}

func TestAProxyMayNameATransport(t *testing.T) {
	s := behaving(t, "")
	ask := func(method string, p url.Values) string {
		return answer(t, s.Handler(), forms()[0].make(t, method, apiKey(p)))
	}
	for proxy, code := range map[string]int{
		"a;transport=udp": 0, "b:5061;transport=tls": 0, "sip-403.test;transport=tcp": 0,
		"b;transport=sctp": 274, "b;transport=": 274, "b;lr": 274, ";transport=tcp": 274, "b;transport=tcp;transport=tcp": 274,
	} {
		if got := codeOf(t, ask("CreateSipRegistration", url.Values{"sip_username": {"sales"}, "proxy": {proxy}})); got != code {
			t.Errorf("proxy %s: error %d, want %d", proxy, got, code)
		}
	}
	ask("UpdateSipRegistration", url.Values{"sip_registration_id": {"1"}, "proxy": {"c;transport=tcp"}})
	for filter, want := range map[string]int{
		"a;transport=udp": 1, "a": 0, "c;transport=tcp;b:5061;transport=tls": 2, "transport=tcp": 0, "a;transport=udp;pbx.example.org": 2,
	} {
		reply := ask("GetSipRegistrations", url.Values{"proxy": {filter}})
		if !strings.HasSuffix(reply, fmt.Sprintf(`"count":%d}`, want)) {
			t.Errorf("filter %s: %s, want %d", filter, reply, want)
		}
	}
	if reply := ask("GetSipRegistrations", url.Values{"proxy": {"sip-403.test;transport=tcp"}}); !strings.Contains(reply, `"status_code":403`) {
		t.Errorf("a magic host with a transport: %s", reply)
	}
}

func TestAUserOnANonPersistentRegistrationIsAWarning(t *testing.T) {
	for _, c := range []struct {
		behaviour, persistent string
		warned                bool
	}{{"", "false", true}, {"", "true", false}, {"user_binding: non_persistent_only", "false", false}} {
		s := behaving(t, c.behaviour)
		create := url.Values{"sip_username": {"sales"}, "proxy": {"a"}, "application_id": {"123"}, "user_id": {"123"}, "is_persistent": {c.persistent}}
		reply := httptest.NewRecorder()
		s.Handler().ServeHTTP(reply, forms()[0].make(t, "CreateSipRegistration", apiKey(create)))
		warning := strings.Join(reply.Header().Values("X-Voxemu-Warning"), "\n")
		if codeOf(t, reply.Body.String()) != 0 || strings.Contains(warning, "docs/references/httpapi/sipregistration") != c.warned {
			t.Errorf("%+v: %s, warning %q", c, reply.Body, warning)
		}
	}
}
