package evidence

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/golang-jwt/jwt/v5"
	"go.yaml.in/yaml/v4"

	"github.com/voxemu/voxemu"
	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// client talks to a recorder.
type client struct {
	t       testing.TB
	url     string
	service *emulator.Server
	key     string // that signs; empty: the api_key of demo
	style   string // query, json, multipart or cmd; empty: a form
}

// call sends parameters, returns the decoded reply.
func (c client) call(method string, parameters url.Values) object {
	c.t.Helper()
	form := maps.Clone(parameters)
	if form == nil {
		form = url.Values{}
	}
	request, err := http.NewRequest(http.MethodPost, c.url+"/platform_api/"+method, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	if c.key == "" {
		if form.Get("account_id") == "" {
			form.Set("account_id", "1")
			form.Set("api_key", "demo-key")
		}
	} else {
		request.Header.Set("Authorization", "Bearer "+c.token())
	}
	body, contentType := form.Encode(), "application/x-www-form-urlencoded"
	switch c.style {
	case "query":
		request.Method, request.URL.RawQuery, body = http.MethodGet, form.Encode(), ""
	case "cmd":
		form.Set("cmd", method)
		request.URL.Path, body = "/platform_api", form.Encode()
	case "json":
		flat := map[string]string{}
		for name := range form {
			flat[name] = form.Get(name)
		}
		text, _ := json.Marshal(flat) // texts cannot fail
		body, contentType = string(text), "application/json"
	case "multipart":
		var text bytes.Buffer
		parts := multipart.NewWriter(&text)
		for name := range form {
			_ = parts.WriteField(name, form.Get(name)) // to memory
		}
		_ = parts.Close()
		body, contentType = text.String(), parts.FormDataContentType()
	}
	request.Body = io.NopCloser(strings.NewReader(body))
	request.Header.Set("Content-Type", contentType)
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer reply.Body.Close()
	decoder := json.NewDecoder(reply.Body)
	decoder.UseNumber()
	var decoded map[string]any
	if err := decoder.Decode(&decoded); err != nil {
		c.t.Fatal(err)
	}
	return decoded
}

func (c client) token() string {
	c.t.Helper()
	credentials, err := c.service.Credentials(c.key)
	if errors.Is(err, vox.ErrNotFound) { // it was deleted; all have one private key
		pair, failed := replayKey()
		credentials, err = vox.Credentials{AccountID: 1, PrivateKey: pair.Private}, failed
	}
	if err != nil {
		c.t.Fatal(err)
	}
	key, err := jwt.ParseRSAPrivateKeyFromPEM([]byte(credentials.PrivateKey))
	if err != nil {
		c.t.Fatal(err)
	}
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{"iss": credentials.AccountID, "iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix()})
	token.Header["kid"] = c.key
	text, err := token.SignedString(key)
	if err != nil {
		c.t.Fatal(err)
	}
	return text
}

// inventory asks for everything that an account has, as a recording should begin.
func (c client) inventory() {
	c.t.Helper()
	c.call("GetAccountInfo", nil)
	for _, application := range c.call("GetApplications", url.Values{"with_rules": {"true"}, "with_scenarios": {"true"}}).objects("result") {
		id := url.Values{"application_id": {application.text("application_id")}}
		c.call("GetUsers", id)
		c.call("GetRules", url.Values{"application_id": id["application_id"], "with_scenarios": {"true"}})
		c.call("GetScenarios", id)
	}
	c.call("GetScenarios", nil)
	c.call("GetSipRegistrations", nil)
	c.call("GetKeys", url.Values{"with_roles": {"true"}})
	c.call("GetSipWhiteList", nil)
	c.call("GetAuthorizedAccountIPs", nil)
	c.call("GetChildrenAccounts", nil)
	c.call("GetTransactionHistory", nil)
	c.call("GetAuditLog", url.Values{"from_date": {"2020-01-01"}, "to_date": {"2050-01-01"}})
}

// recordedAs records what a client does to a service.
func recordedAs(t testing.TB, service *emulator.Server, change func(http.Handler) http.Handler, do func(c client)) string {
	t.Helper()
	handler := service.Handler()
	if change != nil {
		handler = change(handler)
	}
	s := startSession(t, handler, nil)
	do(client{t: t, url: s.url, service: service})
	if _, err := s.stop(); err != nil {
		t.Fatal(err)
	}
	return s.file
}

// demoSeed is parsed once.
var demoSeed = sync.OnceValues(func() (*emulator.Seed, error) {
	demo, _ := scenarios.Builtin("demo")
	return newSeed(scenarios.Source{Name: "demo", Text: demo})
})

func newSeed(sources ...scenarios.Source) (*emulator.Seed, error) {
	pair, err := replayKey()
	if err != nil {
		return nil, err
	}
	scenario, err := scenarios.Read(sources...)
	if err != nil {
		return nil, err
	}
	for i := range scenario.Keys {
		scenario.Keys[i].PrivateKey = pair.Private // to make one for each takes long
	}
	return emulator.NewSeed(scenario, time.Now())
}

// newService returns a service with some scenarios; none: demo.
func newService(t testing.TB, sources ...scenarios.Source) *emulator.Server {
	t.Helper()
	seed, err := demoSeed()
	if len(sources) > 0 {
		seed, err = newSeed(sources...)
	}
	if err != nil {
		t.Fatal(err)
	}
	s, err := emulator.New(emulator.WithSeed(seed))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func compared(t testing.TB, o Options, files ...string) Report {
	t.Helper()
	report, err := Compare(t.Context(), files, o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// noDifference fails with all differences.
func noDifference(t testing.TB, r Report) {
	t.Helper()
	for _, d := range r.Differences {
		t.Errorf("%s (%d exchanges, %s)", d, len(d.Exchanges), d.Exchanges[0][strings.LastIndex(d.Exchanges[0], ":")+1:])
	}
	if r.Members == 0 {
		t.Error("nothing was compared")
	}
}

// examples returns the requests of openapi.yaml by method.
func examples(t testing.TB) map[string][]url.Values {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(voxemu.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]url.Values{}
	for path, item := range doc.Paths.Map() {
		method := strings.TrimPrefix(path, "/platform_api/")
		if item.Post.RequestBody == nil {
			all[method] = []url.Values{{}}
			continue
		}
		of := item.Post.RequestBody.Value.Content.Get("application/x-www-form-urlencoded").Examples
		for _, name := range slices.Sorted(maps.Keys(of)) {
			form := url.Values{}
			for parameter, value := range of[name].Value.Value.(map[string]any) {
				form.Set(parameter, fmt.Sprint(value))
			}
			all[method] = append(all[method], form)
		}
	}
	return all
}

func TestEveryExampleComparesWithoutADifference(t *testing.T) {
	all := examples(t)
	for _, method := range slices.Sorted(maps.Keys(all)) {
		for i, form := range all[method] {
			t.Run(fmt.Sprint(method, " ", i), func(t *testing.T) {
				noDifference(t, compared(t, Options{}, recordedAs(t, newService(t), nil, func(c client) {
					c.inventory()
					c.call(method, form)
					c.inventory()
				})))
			})
		}
	}
}

// conformanceStep is a step of testkit/internal/conformance/steps.yaml.
type conformanceStep struct {
	Method     string            `yaml:"method"`
	As         string            `yaml:"as"`
	Parameters map[string]any    `yaml:"parameters"`
	Keep       map[string]string `yaml:"keep"`
}

func TestTheConformanceListComparesWithoutADifference(t *testing.T) {
	text, err := os.ReadFile("../../testkit/internal/conformance/steps.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var sections []struct {
		Section string
		Steps   []conformanceStep
	}
	if err := yaml.Load(text, &sections); err != nil {
		t.Fatal(err)
	}
	demo, _ := scenarios.Builtin("demo")
	more, err := os.ReadFile("../../testkit/internal/conformance/scenario.yaml")
	if err != nil {
		t.Fatal(err)
	}
	service := newService(t)
	for _, section := range sections {
		t.Run(section.Section, func(t *testing.T) {
			if err := service.LoadSources(scenarios.Source{Name: "demo", Text: demo}, scenarios.Source{Name: "more", Text: more}); err != nil {
				t.Fatal(err)
			}
			file := recordedAs(t, service, nil, func(c client) {
				c.inventory()
				kept := map[string]string{"long": strings.Repeat("x", 1500), "receiver": "http://127.0.0.1:9/x"}
				for _, step := range section.Steps {
					if c.key = step.As; c.key == "" {
						c.key = "owner-key"
					}
					reply := c.call(step.Method, step.form(kept))
					for name, member := range step.Keep {
						kept[name] = reply.text(member)
					}
				}
			})
			noDifference(t, compared(t, Options{}, file))
		})
	}
}

func (s conformanceStep) form(kept map[string]string) url.Values {
	form := url.Values{}
	for name, value := range s.Parameters {
		items, ok := value.([]any)
		if !ok {
			items = []any{value}
		}
		for i, item := range items {
			if text, ok := strings.CutPrefix(fmt.Sprint(item), "$"); ok {
				items[i] = kept[text]
			}
		}
		texts := make([]string, len(items))
		for i, item := range items {
			texts[i] = fmt.Sprint(item)
		}
		form.Set(name, strings.Join(texts, ";"))
	}
	return form
}

func writeText(t testing.TB, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestAnOldRecordingWarnsAndDoesNotFail(t *testing.T) {
	file := recordedAs(t, newService(t), nil, func(c client) { c.call("GetRoles", nil) })
	now := time.Now()
	if r := compared(t, Options{Now: now}, file); len(r.Warnings) != 0 || r.Failed() {
		t.Errorf("a new one: %v, failed %t", r.Warnings, r.Failed())
	}
	if r := compared(t, Options{Now: now.AddDate(1, 0, 0)}, file); len(r.Warnings) != 1 || r.Failed() {
		t.Errorf("an old one: %v, failed %t", r.Warnings, r.Failed())
	}
}

// Filters by a part of a name find the same rows, whichever of the two was seen first.
func TestAFilterByAPartFindsTheSameAgain(t *testing.T) {
	for name, do := range map[string]func(c client){
		"a longer name later": func(c client) {
			c.call("SetApplicationInfo", url.Values{"application_id": {"123"}, "application_name": {"myapp11"}})
			c.call("GetApplications", url.Values{"application_name": {"myapp"}})
			c.call("GetUsers", url.Values{"application_name": {"myapp"}})
		},
		"a longer name first": func(c client) {
			c.call("AddApplication", url.Values{"application_name": {"telephony"}})
			c.call("GetApplications", url.Values{"application_name": {"phone"}})
			c.call("GetApplications", url.Values{"application_name": {"lepho"}})
		},
		"other capitals": func(c client) {
			c.call("AddRule", url.Values{"application_id": {"123"}, "rule_name": {"InternalCalls"}, "rule_pattern": {".*"}})
			c.call("GetRules", url.Values{"application_id": {"123"}, "rule_name": {"CALLS"}})
			c.call("GetRules", url.Values{"application_id": {"123"}, "rule_name": {"internal"}})
		},
		"figures": func(c client) {
			c.user("10042")
			c.user("20042")
			c.user("agent1004")
			c.call("GetUsers", url.Values{"application_id": {"123"}, "user_name": {"1004"}})
			c.call("GetUsers", url.Values{"application_id": {"123"}, "user_name": {"004"}})
		},
		"one and two letters": func(c client) {
			c.user("carol")
			c.user("dave")
			c.call("GetUsers", url.Values{"application_id": {"123"}, "user_name": {"ca"}})
			c.call("GetUsers", url.Values{"application_id": {"123"}, "user_name": {"v"}})
		},
		"a name in two others": func(c client) {
			c.user("north-agent")
			c.user("south-agents")
			c.user("agent")
			c.call("GetUsers", url.Values{"application_id": {"123"}, "user_name": {"agent"}})
			c.call("GetUsers", url.Values{"application_id": {"123"}, "user_name": {"agents"}})
		},
		"a text": func(c client) {
			c.call("AddAuthorizedAccountIP", url.Values{"authorized_ip": {"127.0.0.0/8"}, "allowed": {"true"}, "description": {"office"}})
			c.call("AddAuthorizedAccountIP", url.Values{"authorized_ip": {"203.0.113.0/24"}, "allowed": {"true"}, "description": {"home office"}})
			c.call("GetAuthorizedAccountIPs", url.Values{"description": {"office"}})
			c.call("GetAuthorizedAccountIPs", url.Values{"description": {"home"}})
		},
		"a name that is too long": func(c client) {
			c.call("AddApplication", url.Values{"application_name": {"a" + strings.Repeat("x", 80)}})
			c.call("AddScenario", url.Values{"scenario_name": {"a" + strings.Repeat("y", 29)}, "scenario_script": {"x"}})
			c.call("AddScenario", url.Values{"scenario_name": {"a" + strings.Repeat("z", 28)}, "scenario_script": {"x"}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			noDifference(t, compared(t, Options{}, recordedAs(t, newService(t), nil, func(c client) {
				c.inventory()
				do(c)
				c.inventory()
			})))
		})
	}
}

// user adds a user to the application 123.
func (c client) user(name string) {
	c.t.Helper()
	c.call("AddUser", url.Values{"application_id": {"123"}, "user_name": {name}, "user_display_name": {name}, "user_password": {"Pa55-word"}})
}

// Keys have random ids: which of them are on a page is not compared.
func TestPagesOfKeysAreNotCompared(t *testing.T) {
	for range 5 {
		noDifference(t, compared(t, Options{}, recordedAs(t, newService(t), nil, func(c client) {
			c.inventory()
			c.call("CreateKey", url.Values{"key_name": {"books"}})
			c.call("GetKeys", url.Values{"count": {"1"}, "offset": {"1"}})
		})))
	}
}

// The service's clock may be behind or ahead of the recorder's: its lines of the recording
// are not those of the time before.
func TestTheClockOfTheServiceMayBeAnotherOne(t *testing.T) {
	for _, skew := range []time.Duration{-20 * time.Second, 20 * time.Second} {
		service, err := emulator.New(emulator.WithClock(clock.Stopped(time.Now().Add(skew))))
		if err != nil {
			t.Fatal(err)
		}
		noDifference(t, compared(t, Options{}, recordedAs(t, service, nil, func(c client) {
			c.call("AddApplication", url.Values{"application_name": {"before"}})
			c.inventory()
			c.call("AddApplication", url.Values{"application_name": {"sales"}})
			c.inventory()
		})))
	}
}

// A key that a client goes on using after it was deleted, or that never was, is refused in
// the replay as well.
func TestADeletedKeyIsRefusedAgain(t *testing.T) {
	noDifference(t, compared(t, Options{}, recordedAs(t, newService(t), nil, func(c client) {
		c.inventory()
		c.call("DeleteKey", url.Values{"key_id": {"support-key"}})
		for _, c.key = range []string{"support-key", "owner-key", "nobody-key"} {
			c.call("GetApplications", nil)
		}
	})))
}
