package emulator_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu"
	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// The tests in this file are generated from openapi.yaml. New methods, roles and errors
// are tested without a change here, or fail because an example is missing.

func specification(t testing.TB) *contract.Contract {
	t.Helper()
	c, err := compiled()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var compiled = sync.OnceValues(func() (*contract.Contract, error) {
	return contract.Load(voxemu.OpenAPI())
})

// apiKey adds the demo account's credentials.
func apiKey(p url.Values) url.Values {
	return with(with(p, "account_id", "1"), "api_key", "demo-key")
}

// exampleOf returns the method's example in openapi.yaml with the fewest parameters. All
// examples must succeed on the demo scenario.
func exampleOf(t testing.TB, method string) url.Values {
	t.Helper()
	examples := examplesOf(t, method)
	names := slices.Sorted(maps.Keys(examples))
	return examples[slices.MinFunc(names, func(a, b string) int { return len(examples[a]) - len(examples[b]) })]
}

// document is openapi.yaml as served to clients.
var document = sync.OnceValues(func() (*openapi3.T, error) {
	return openapi3.NewLoader().LoadFromData(voxemu.OpenAPI())
})

// examplesOf returns the example requests for a method in openapi.yaml, by name.
func examplesOf(t testing.TB, method string) map[string]url.Values {
	t.Helper()
	doc, err := document()
	if err != nil {
		t.Fatal(err)
	}
	body := doc.Paths.Value("/platform_api/" + method).Post.RequestBody
	if body == nil { // a method without parameters
		return map[string]url.Values{"without parameters": {}}
	}
	examples := map[string]url.Values{}
	for name, example := range body.Value.Content.Get("application/x-www-form-urlencoded").Examples {
		examples[name] = url.Values{}
		for parameter, value := range example.Value.Value.(map[string]any) {
			examples[name].Set(parameter, fmt.Sprint(value))
		}
	}
	if len(examples) == 0 {
		t.Fatalf("openapi.yaml shows no request for %s: add an example that succeeds on the scenario demo", method)
	}
	return examples
}

// oddlySpelt returns parameters in the spelling of some SDKs
// (docs/evidence.md#encodings).
func oddlySpelt(method string) url.Values {
	return map[string]url.Values{
		"CreateSipRegistration": {
			"sip_username": {"Renée Müller"}, "proxy": {"sip.example.com:5061"}, "password": {"p;a&s=s w%rd"},
			"is_persistent": {"True"}, "application_name": {"shop"}, "rule_id": {"7890"}, "user_name": {"bob"},
		},
		"UpdateSipRegistration": {"sip_registration_id": {"2"}, "auth_user": {"other"}, "application_id": {"123"}, "proxy": {""}},
		"BindSipRegistration":   {"sip_registration_id": {"3"}, "application_id": {"123"}, "rule_name": {"inbound"}, "user_id": {"123"}, "bind": {"1"}},
		"GetSipRegistrations":   {"application_id": {"123;4567"}, "status_code": {"200;400:499"}, "deactivated": {"0"}, "user_name": {""}, "proxy": {"any"}, "count": {"2"}},
	}[method]
}

// export returns the whole state, for comparisons.
func export(t testing.TB, s *emulator.Server) string {
	t.Helper()
	state, err := s.ExportWithSecrets()
	if err != nil {
		t.Fatal(err)
	}
	return string(state)
}

func reset(t testing.TB, s *emulator.Server) {
	t.Helper()
	if err := s.Reset(); err != nil {
		t.Fatal(err)
	}
}

// codeOf returns the code of an error reply, 0 for success.
func codeOf(t testing.TB, body string) int {
	t.Helper()
	var reply struct {
		Error  struct{ Code int }
		Errors []struct{ Code int }
	}
	if err := json.Unmarshal([]byte(body), &reply); err != nil {
		t.Fatalf("reply is no JSON: %s", body)
	}
	if len(reply.Errors) > 0 && reply.Errors[0].Code != reply.Error.Code {
		t.Fatalf("error and errors disagree: %s", body)
	}
	return reply.Error.Code
}

func TestRequestsThatDifferOnlyInEncodingOrAddressingGiveIdenticalReplies(t *testing.T) {
	for _, method := range specification(t).Methods() {
		calls := examplesOf(t, method.Name)
		if odd := oddlySpelt(method.Name); odd != nil {
			calls["oddly spelt"] = odd
		}
		for name, call := range calls {
			t.Run(method.Name+" "+name, func(t *testing.T) {
				t.Parallel()
				callInEveryForm(t, method, apiKey(call))
			})
		}
	}
}

// callInEveryForm requires the same reply and the same state for all forms.
func callInEveryForm(t *testing.T, method *contract.Method, parameters url.Values) {
	server := newServer(t)
	var reply, state string
	for _, f := range forms() {
		reset(t, server)
		got := answer(t, server.Handler(), f.make(t, method.Name, parameters))
		if code := codeOf(t, got); code != 0 {
			t.Fatalf("%s: refused: %s", f.name, got)
		}
		if err := method.CheckReply([]byte(got)); err != nil {
			t.Errorf("%s: %v", f.name, err)
		}
		if reply == "" {
			reply, state = got, export(t, server)
		}
		if diff := cmp.Diff(predictable(reply), predictable(got)); diff != "" {
			t.Errorf("%s: other reply than %s:\n%s", f.name, forms()[0].name, diff)
		}
		if diff := cmp.Diff(predictable(state), predictable(export(t, server))); diff != "" {
			t.Errorf("%s: other state than %s:\n%s", f.name, forms()[0].name, diff)
		}
	}
}

var (
	anyID     = regexp.MustCompile(`[0-9a-f]{32}`)
	keyInJSON = regexp.MustCompile(`-----BEGIN [A-Z ]+KEY-----\\n[^"]*`)
	lineOfKey = regexp.MustCompile(`(?m)^\s+[A-Za-z0-9+/]{6,}=*$`) // in YAML
)

// predictable removes random values: ids of keys and sessions, the keys, and the order by
// such ids.
func predictable(text string) string {
	text = anyID.ReplaceAllString(text, "(id)")
	text = keyInJSON.ReplaceAllString(text, "(key)")
	text = lineOfKey.ReplaceAllString(text, "(a line of a key)")
	if !strings.Contains(text, "(id)") {
		return text
	}
	text = strings.NewReplacer("{", "\n", "}", "\n", ",", "\n").Replace(text) // rows of a reply
	return strings.Join(slices.Sorted(strings.SplitSeq(text, "\n")), "\n")
}

func TestEveryRoleMayCallWhatTheSpecificationSays(t *testing.T) {
	token := sign(t, validClaims(), "role-key")
	for i, role := range append(vox.Roles(), "") {
		seed := seeds{}.onDemo(t, roleKey(t, role))
		for _, method := range specification(t).Methods() {
			t.Run(fmt.Sprintf("%s as %s", method.Name, roleName(role)), func(t *testing.T) {
				t.Parallel()
				server := newServer(t, emulator.WithSeed(seed))
				allowed := len(method.Roles) == 0 || slices.ContainsFunc(method.Roles, role.Includes)
				before := rowsOf(t, server)
				f := forms()[i%len(forms())] // a different form for each role; another test covers all forms
				r := f.make(t, method.Name, exampleOf(t, method.Name))
				r.Header.Set("Authorization", "Bearer "+token)
				code := codeOf(t, answer(t, server.Handler(), r))
				if allowed && code != 0 || !allowed && code != 100 {
					t.Errorf("%s: code %d, allowed by x-roles: %v", f.name, code, allowed)
				}
				if after := rowsOf(t, server); !allowed && !reflect.DeepEqual(before, after) {
					t.Errorf("a refused call changed the state:\n%s", cmp.Diff(before, after))
				}
			})
		}
	}
}

func roleName(role vox.Role) string {
	if role == "" {
		return "a key without roles"
	}
	return string(role)
}

// loadRole adds a key with one role, or none, to the demo scenario.
func loadRole(t testing.TB, s *emulator.Server, role vox.Role) {
	t.Helper()
	loadOnDemo(t, s, roleKey(t, role))
}

func roleKey(t testing.TB, role vox.Role) scenarios.Scenario {
	roles := []vox.Role{role}
	if role == "" {
		roles = nil
	}
	return scenarios.Scenario{Keys: []vox.Key{{ID: "role-key", AccountID: 1, Roles: roles, PrivateKey: testKey(t)}}}
}

// onDemo returns the sources of a scenario merged over demo.
func onDemo(t testing.TB, more scenarios.Scenario) []scenarios.Source {
	t.Helper()
	text, err := more.YAML()
	if err != nil {
		t.Fatal(err)
	}
	demo, ok := scenarios.Builtin("demo")
	if !ok {
		t.Fatal("no built-in scenario demo")
	}
	return []scenarios.Source{{Name: "demo", Text: demo}, {Name: "test", Text: text}}
}

func loadOnDemo(t testing.TB, s *emulator.Server, more scenarios.Scenario) {
	t.Helper()
	if err := s.LoadSources(onDemo(t, more)...); err != nil {
		t.Fatal(err)
	}
}

// seeds are scenarios on top of demo, each loaded once for many servers.
type seeds map[string]*emulator.Seed

func (s seeds) onDemo(t testing.TB, more scenarios.Scenario) *emulator.Seed {
	t.Helper()
	sources := onDemo(t, more)
	text := string(sources[1].Text)
	if s[text] == nil {
		scenario, err := scenarios.Read(sources...)
		if err != nil {
			t.Fatal(err)
		}
		if s[text], err = emulator.NewSeed(scenario, start); err != nil {
			t.Fatal(err)
		}
	}
	return s[text]
}

func TestEveryDocumentedErrorIsAnsweredInEveryForm(t *testing.T) {
	spec, loaded := specification(t), seeds{}
	for _, method := range spec.Methods() {
		for _, name := range documentedErrors(spec, method) {
			t.Run(fmt.Sprintf("%s %s", method.Name, name), func(t *testing.T) {
				how, ok := provocation(t, method, name)
				if !ok {
					t.Fatalf("nothing provokes %s in %s: add it, or take it out of x-errors", name, method.Name)
				}
				how.scenario.Keys = append(how.scenario.Keys, vox.Key{ID: "role-key", AccountID: 1, Roles: how.roles, PrivateKey: testKey(t)})
				seed := loaded.onDemo(t, how.scenario)
				t.Parallel()
				provoke(t, newServer(t, emulator.WithSeed(seed)), method, name, how)
			})
		}
	}
}

// documentedErrors returns the method's own errors and those of all methods.
func documentedErrors(spec *contract.Contract, m *contract.Method) []vox.Error {
	names := slices.Clone(m.Errors)
	for _, name := range spec.ErrorNames() {
		basic := len(m.Roles) == 0 && name == vox.ErrForbiddenCommand       // a method without roles never lacks one
		if spec.CanAnswer(nil, name) && name != vox.ErrInternal && !basic { // an internal error is a bug; package platform tests it
			names = append(names, name)
		}
	}
	return names
}

// provoke sends the request in all forms and requires the error, a valid reply and an
// unchanged state.
func provoke(t *testing.T, server *emulator.Server, m *contract.Method, name vox.Error, how recipe) {
	before := rowsOf(t, server)
	want, _, ok := specification(t).Explain(name.On(""))
	if !ok {
		t.Fatalf("%s is not in the catalogue", name)
	}
	token := how.sign(t)
	for _, f := range forms() {
		r := f.make(t, how.methodName(m.Name), how.parameters)
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		if how.malform != nil {
			r = how.malform(r)
		}
		body := answer(t, server.Handler(), r)
		if got := codeOf(t, body); got != want {
			t.Errorf("%s: code %d, want %d: %s", f.name, got, want, body)
		}
		if !errorReplyFits(body) {
			t.Errorf("%s: not the shape of an error: %s", f.name, body)
		}
	}
	if after := rowsOf(t, server); !reflect.DeepEqual(before, after) {
		t.Errorf("the refused calls left a trace:\n%s", cmp.Diff(before, after))
	}
}

// errorReplyFits reports whether the members are those of an error reply.
func errorReplyFits(body string) bool {
	var reply map[string]json.RawMessage
	if json.Unmarshal([]byte(body), &reply) != nil {
		return false
	}
	return len(reply) == 2 && reply["error"] != nil && reply["errors"] != nil
}

// malformed replaces a request by one that cannot be read.
func malformed(contentType, body string) func(*http.Request) *http.Request {
	return func(r *http.Request) *http.Request {
		broken := post(r.URL.String(), contentType, newReader(body))
		broken.Header.Set("Authorization", r.Header.Get("Authorization"))
		return broken
	}
}

func scenarioOf(accounts ...vox.Account) scenarios.Scenario {
	return scenarios.Scenario{Accounts: accounts}
}
