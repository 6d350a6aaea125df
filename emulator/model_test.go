package emulator_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// Any sequence of calls to any methods leaves a state in which every id refers
// to something, what is bound belongs together, and a user holds one
// registration; a refused call leaves it as it was.
func TestNoSequenceOfCallsLeavesADanglingReference(t *testing.T) {
	methods := map[string]*contract.Method{}
	for _, m := range specification(t).Methods() {
		methods[m.Name] = m
	}
	names := slices.Sorted(maps.Keys(methods))
	rapid.Check(t, func(t *rapid.T) {
		server := modelServer(t)
		for range rapid.IntRange(1, 25).Draw(t, "calls") {
			before := stateOf(t, server)
			method := methods[rapid.SampledFrom(names).Draw(t, "method")]
			p := drawParameters(t, method.Parameters())
			reply := modelCall(t, server, method.Name, p)
			after := stateOf(t, server)
			if reply.Error.Code == 2 {
				t.Fatalf("%s %v: internal error", method.Name, p)
			}
			if reply.Error.Code != 0 && before != after {
				t.Fatalf("%s %v: refused with %d, but: %s", method.Name, p, reply.Error.Code, cmp.Diff(before, after))
			}
			for _, wrong := range inconsistencies(parsed(t, after)) {
				t.Errorf("after %s %v: %s", method.Name, p, wrong)
			}
		}
	})
}

// modelServer has the demo and a registrar that never answers, so that only
// calls change the state.
func modelServer(t *rapid.T) *emulator.Server {
	server, err := emulator.New(emulator.WithStrict())
	if err != nil {
		t.Fatal(err)
	}
	demo, _ := scenarios.Builtin("demo")
	slow := scenarios.Source{Name: "slow", Text: []byte(`
registrar: {delay: 24h}
accounts:
  - {id: 2, parent_account_id: 1, name: child, api_key: child-key-of-2}
  - {id: 3, parent_account_id: 1, name: other-child}
keys:
  - {id: child-key, account_id: 2, roles: [Owner]}
sessions:
  - {session_id: aaaaaaaaaaaaaaaaaaaa, account_id: 1, key_id: support-key}
registrations:
  - {id: 5, account_id: 1, sip_username: a, proxy: b, application_id: 123, rule_id: 1, user_id: 123, non_persistent: true, state: offline}
  - {id: 6, account_id: 1, sip_username: a, proxy: b, application_id: 4567, rule_id: 7890, user_id: 12345}
`)}
	if err := server.LoadSources(scenarios.Source{Name: "demo", Text: demo}, slow); err != nil {
		t.Fatal(err)
	}
	return server
}

type modelReply struct{ Error struct{ Code int } }

func modelCall(t *rapid.T, server *emulator.Server, method string, p url.Values) modelReply {
	recorder := httptest.NewRecorder()
	body := apiKey(p).Encode()
	server.Handler().ServeHTTP(recorder, post(path(method), "application/x-www-form-urlencoded", strings.NewReader(body)))
	var reply modelReply
	if err := json.Unmarshal(recorder.Body.Bytes(), &reply); err != nil {
		t.Fatalf("%s %v: %v", method, p, err)
	}
	return reply
}

func stateOf(t *rapid.T, server *emulator.Server) string {
	text, err := server.ExportWithSecrets()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// parsed is a state as scenarios read it, which refuses most of what would be
// wrong as well.
func parsed(t *rapid.T, state string) scenarios.Scenario {
	s, err := scenarios.Read(scenarios.Source{Name: "export", Text: []byte(state)})
	if err != nil {
		t.Fatalf("what was exported is no valid scenario: %v", err)
	}
	return s
}

// drawParameters gives each parameter of a method a value that may fit, or none:
// ids and names of the demo, those that calls add, and unknown ones.
func drawParameters(t *rapid.T, names []string) url.Values {
	p := url.Values{}
	for _, name := range names {
		values := plausible(name)
		if required(name) || rapid.IntRange(0, often(name, names)).Draw(t, "without "+name) == 0 {
			p.Set(name, rapid.SampledFrom(values).Draw(t, name))
		}
	}
	return p
}

// often is how many times a parameter is left out for once that it is drawn: a
// name beside an id rarely agrees with it.
func often(name string, all []string) int {
	stem, isName := strings.CutSuffix(name, "_name")
	if isName && slices.Contains(all, strings.TrimPrefix(stem, "required_")+"_id") {
		return 4
	}
	return 1
}

// required parameters are always drawn, so that enough calls succeed.
func required(name string) bool {
	return slices.Contains([]string{"user_display_name", "user_password", "rule_pattern", "proxy", "sip_username"}, name)
}

func plausible(name string) []string {
	switch name {
	case "application_id":
		return []string{"123", "4567", "4568", "123;4567", "all", "999"}
	case "application_name", "required_application_name":
		return []string{"myapp", "shop", "sales", "shop.demo.voximplant.com", "nobody"}
	case "rule_id":
		return []string{"1", "2", "7890", "7891", "2;1", "all", "999"}
	case "rule_name":
		return []string{"inbound", "fallback", "other", "nobody"}
	case "user_id":
		return []string{"123", "12345", "12346", "123;12345", "all", "999"}
	case "user_name", "new_user_name":
		return []string{"alice", "bob", "carol", "nobody"}
	case "scenario_id":
		return []string{"1", "2", "3", "2;1", "all", "999"}
	case "scenario_name", "required_scenario_name":
		return []string{"greeting", "inbound", "hello", "nobody"}
	case "sip_registration_id":
		return []string{"1", "2", "3", "4", "5", "6"}
	case "user_password":
		return []string{"Pa55-word"}
	case "rule_pattern", "rule_pattern_exclude":
		return []string{".*", "7.+", "("}
	case "count", "offset", "status_code":
		return []string{"100", "200"}
	case "order_by":
		return []string{"user_name", "user_id"}
	case "child_account_id":
		return []string{"2", "3", "2;3", "all", "999"}
	case "key_id":
		return []string{"owner-key", "child-key", "support-key", "nobody"}
	case "role_id":
		return []string{"1", "3", "7;5", "99"}
	case "role_name":
		return []string{"Owner", "Support", "King"}
	case "authorized_ip", "contains_ip":
		return []string{"192.0.2.1", "192.0.2.0/24", "198.51.100.7", "all"}
	case "sip_whitelist_id":
		return []string{"1", "2", "999"}
	case "sip_whitelist_network":
		return []string{"192.0.2.0/24", "192.0.2.0/255.255.0.0", "nowhere"}
	case "callback_url":
		return []string{"https://example.com/callbacks", "nowhere"}
	case "min_balance_to_notify":
		return []string{"5.00", "-1"}
	case "currency":
		return []string{"USD", "EUR", "XYZ"}
	case "from_date", "to_date", "charge_date", "date":
		return []string{"2026-01-01", "2026-12-31 23:59:59", "yesterday"}
	case "transaction_type":
		return []string{"subscription_charge", "theft"}
	case "location", "timezone":
		return []string{"Europe/Berlin", "Local"}
	case "language_code":
		return []string{"en"}
	case "proxy", "outbound_proxy":
		return []string{"pbx.example.com", "sip.example.com"}
	}
	return []string{"true", "false"} // booleans; texts take them too
}

// inconsistencies says what is wrong with a state.
func inconsistencies(s scenarios.Scenario) []string {
	var wrong []string
	complain := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	applications := byID(s.Applications, func(a vox.Application) int64 { return a.ID })
	programs := byID(s.VoxEngineScenarios, func(v vox.Scenario) int64 { return v.ID })
	rules := byID(s.Rules, func(r vox.Rule) int64 { return r.ID })
	users := byID(s.Users, func(u vox.User) int64 { return u.ID })
	exists := func(what string, id int64) {
		if _, ok := applications[id]; id != 0 && !ok {
			complain("%s refers to application %d, which is gone", what, id)
		}
	}
	for _, v := range s.VoxEngineScenarios {
		exists(fmt.Sprint("scenario ", v.ID), v.ApplicationID)
	}
	for _, u := range s.Users {
		exists(fmt.Sprint("user ", u.ID), u.ApplicationID)
	}
	for _, r := range s.Rules {
		exists(fmt.Sprint("rule ", r.ID), r.ApplicationID)
		for _, id := range r.ScenarioIDs {
			if v, ok := programs[id]; !ok || v.ApplicationID != vox.Shared && v.ApplicationID != r.ApplicationID {
				complain("rule %d runs scenario %d, which is gone or elsewhere", r.ID, id)
			}
		}
	}
	keys := map[string]vox.Key{}
	for _, k := range s.Keys {
		keys[k.ID] = k
	}
	for _, session := range s.Sessions {
		if key, ok := keys[session.KeyID]; session.KeyID != "" && (!ok || key.AccountID != session.AccountID) {
			complain("a session acts for key %s, which is gone or elsewhere", session.KeyID)
		}
	}
	if len(s.AuditLog) > vox.MaxAuditEntries {
		complain("the audit log has %d entries", len(s.AuditLog))
	}
	holders := map[int64]int64{}
	for _, r := range s.Registrations {
		exists(fmt.Sprint("registration ", r.ID), r.ApplicationID)
		if rule, ok := rules[r.RuleID]; r.RuleID != 0 && (!ok || rule.ApplicationID != r.ApplicationID) {
			complain("registration %d is bound to rule %d, which is gone or elsewhere", r.ID, r.RuleID)
		}
		if r.UserID == 0 {
			continue
		}
		if user, ok := users[r.UserID]; !ok || user.ApplicationID != r.ApplicationID {
			complain("registration %d is bound to user %d, who is gone or elsewhere", r.ID, r.UserID)
		}
		if other, taken := holders[r.UserID]; taken {
			complain("user %d holds registrations %d and %d", r.UserID, other, r.ID)
		}
		holders[r.UserID] = r.ID
	}
	return wrong
}

func byID[R any](rows []R, id func(R) int64) map[int64]R {
	all := map[int64]R{}
	for _, row := range rows {
		all[id(row)] = row
	}
	return all
}
