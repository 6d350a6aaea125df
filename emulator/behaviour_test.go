package emulator_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// By default a parameter's own error replaces 485 wherever there is one (A12).
func TestAMissingReferenceIsAnsweredWithItsOwnError(t *testing.T) {
	spec := specification(t)
	server := newServer(t)
	tried := 0
	for _, m := range spec.Methods() {
		if !slices.Contains(m.Errors, vox.ErrMissingParameter) {
			continue
		}
		how, _ := provocation(t, m, vox.ErrMissingParameter)
		ask := func(s scenarios.Scenario) (code int, field string) {
			loadOnDemo(t, server, s)
			var reply struct {
				Error struct {
					Code  int
					Field string `json:"field_name"`
				}
			}
			body := answer(t, server.Handler(), forms()[0].make(t, m.Name, how.parameters))
			if err := json.Unmarshal([]byte(body), &reply); err != nil {
				t.Fatal(err)
			}
			return reply.Error.Code, reply.Error.Field
		}
		_, field := ask(how.scenario)
		own, ok := m.OwnError(field)
		if !ok {
			continue
		}
		tried++
		want, _, _ := spec.Explain(own.On(field))
		if code, _ := ask(scenarios.Scenario{}); code != want {
			t.Errorf("%s without %s: code %d, want %d", m.Name, field, code, want)
		}
	}
	if tried < 15 {
		t.Errorf("only %d methods have a reference that must be given", tried)
	}
}

func TestACountAboveTheMaximumIsCappedOrRefused(t *testing.T) {
	server := newServer(t)
	var refused scenarios.Scenario
	refused.Behaviour.CountAboveMaximum = vox.CountAboveMaximumRefused
	for _, m := range specification(t).Methods() {
		if !slices.Contains(m.Parameters(), "count") {
			continue
		}
		parameters := apiKey(merged(exampleOf(t, m.Name), url.Values{"count": {"1001"}}))
		for want, scenario := range map[int]scenarios.Scenario{0: {}, 496: refused} {
			loadOnDemo(t, server, scenario)
			server.Journal().Clear()
			if got := codeOf(t, answer(t, server.Handler(), forms()[0].make(t, m.Name, parameters))); got != want {
				t.Errorf("%s with %+v: code %d, want %d", m.Name, scenario.Behaviour, got, want)
			}
			if server.Journal().Count(journal.Filter{Mistake: journal.ContractMistake}) != 1 {
				t.Errorf("%s with %+v: no mistake in the journal", m.Name, scenario.Behaviour)
			}
		}
	}
}

// The emulated ones of the methods that the reference calls basic
// (docs/evidence.md#roles).
func TestAKeyWithoutRolesMayCallTheBasicMethodsOnly(t *testing.T) {
	basic := strings.Fields("CreateKey DeleteKey GetAccountInfo GetKeyRoles GetKeys GetRoles GetSubscriptionPrice RemoveKeyRoles SetKeyRoles UpdateKey")
	server := newServer(t)
	var allowed []string
	for _, m := range specification(t).Methods() {
		loadRole(t, server, "")
		r := forms()[0].make(t, m.Name, exampleOf(t, m.Name))
		r.Header.Set("Authorization", "Bearer "+sign(t, validClaims(), "role-key"))
		if codeOf(t, answer(t, server.Handler(), r)) == 0 {
			allowed = append(allowed, m.Name)
		}
	}
	slices.Sort(allowed)
	if !slices.Equal(allowed, basic) {
		t.Errorf("allowed %v, want %v", allowed, basic)
	}
}

// The texts were recorded on the live service (docs/evidence.md#error-replies).
func TestErrorsHaveTheTextsOfTheService(t *testing.T) {
	spec := specification(t)
	for name, want := range map[vox.Error]string{
		vox.ErrInvalidApplicationID: "116 'application_id' parameter is invalid.",
		vox.ErrInvalidRuleID:        "147 'rule_id' parameter is invalid.",
		vox.ErrInvalidUserName:      "122 The user name should start with a letter or digit and can contain latin characters, digits, hyphen and should be at least 3 characters long.",
	} {
		code, sentence, _ := spec.Explain(name.On(""))
		if got := fmt.Sprint(code, " ", sentence); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
