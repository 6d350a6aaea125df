package emulator_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// After any sequence of requests all ids refer to existing rows, bound objects belong
// together, and a user has at most one registration; names in replies match the ids; a
// refused request changes nothing. Each method must succeed in some sequence.
func TestNoSequenceOfCallsLeavesADanglingReference(t *testing.T) {
	calls := newModelCalls(t)
	done, sequences := map[string]int{}, 0
	rapid.Check(t, func(t *rapid.T) {
		server := modelServer(t)
		before := stateOf(t, server)
		for _, c := range calls.draw(t) {
			reply := modelCall(t, server, c.method, c.parameters)
			after := stateOf(t, server)
			same := reflect.DeepEqual(before, after)
			switch {
			case reply.Error.Code == 2:
				t.Fatalf("%s: internal error", c)
			case reply.Error.Code != 0 && !same:
				t.Fatalf("%s: refused with %d, but: %s", c, reply.Error.Code, cmp.Diff(before, after))
			case reply.Error.Code == 0:
				done[c.method]++
			}
			if same {
				continue
			}
			state := reread(t, after)
			for _, wrong := range slices.Concat(inconsistencies(state), misnamed(t, server, state)) {
				t.Errorf("after %s: %s", c, wrong)
			}
			before = after
		}
		sequences++
	})
	for _, method := range calls.methods {
		if done[method] == 0 && sequences >= 100 { // rapid's default; -rapid.checks can be lower
			t.Errorf("%s was refused in all of %d sequences", method, sequences)
		}
	}
}

// modelServer returns a server with the demo and a registrar that never answers, so that
// only requests change the state.
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
	var reply modelReply
	if err := json.Unmarshal([]byte(modelAnswer(server, method, p)), &reply); err != nil {
		t.Fatalf("%s %v: %v", method, p, err)
	}
	return reply
}

func modelAnswer(server *emulator.Server, method string, p url.Values) string {
	recorder := httptest.NewRecorder()
	server.Handler().ServeHTTP(recorder, post(path(method), "application/x-www-form-urlencoded", strings.NewReader(p.Encode())))
	return recorder.Body.String()
}

func stateOf(t *rapid.T, server *emulator.Server) scenarios.Scenario {
	state, err := server.State()
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// reread reads a state as a scenario, which detects most mistakes in it too.
func reread(t *rapid.T, state scenarios.Scenario) scenarios.Scenario {
	text, err := state.YAML()
	if err != nil {
		t.Fatal(err)
	}
	s, err := scenarios.Read(scenarios.Source{Name: "export", Text: text})
	if err != nil {
		t.Fatalf("what was exported is no valid scenario: %v", err)
	}
	return s
}

// inconsistencies returns the mistakes in a state.
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

// misnamed returns the listed registrations whose names do not match their ids.
func misnamed(t *rapid.T, server *emulator.Server, s scenarios.Scenario) []string {
	var reply struct {
		Result []struct {
			ID              int64  `json:"sip_registration_id"`
			ApplicationID   int64  `json:"application_id"`
			ApplicationName string `json:"application_name"`
			RuleID          int64  `json:"rule_id"`
			RuleName        string `json:"rule_name"`
			UserID          int64  `json:"user_id"`
			UserName        string `json:"user_name"`
		}
	}
	body := modelAnswer(server, "GetSipRegistrations", apiKey(nil))
	if err := json.Unmarshal([]byte(body), &reply); err != nil {
		t.Fatal(err)
	}
	applications := byID(s.Applications, func(a vox.Application) int64 { return a.ID })
	rules := byID(s.Rules, func(r vox.Rule) int64 { return r.ID })
	users := byID(s.Users, func(u vox.User) int64 { return u.ID })
	var wrong []string
	for _, r := range reply.Result { // empty if a rule denies the request's own address
		fullName := ""
		if a, ok := applications[r.ApplicationID]; ok {
			fullName = a.FullName("demo")
		}
		if r.ApplicationName != fullName || r.RuleName != rules[r.RuleID].Name || r.UserName != users[r.UserID].Name {
			wrong = append(wrong, fmt.Sprintf("registration %d is listed with names of something else: %+v", r.ID, r))
		}
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
