package control_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/apidocs"
	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/internal/control"
	"github.com/voxemu/voxemu/emulator/vox"
)

// serve returns a server's handler with the guard of its listeners.
func serve(t *testing.T, exposed bool, opts ...emulator.Option) http.Handler {
	t.Helper()
	stopped := emulator.WithClock(clock.Stopped(time.Date(2026, 1, 31, 10, 0, 0, 0, time.UTC)))
	s, err := emulator.New(append([]emulator.Option{stopped, emulator.WithAPIDocs(apidocs.Script())}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return control.Guard(s.Handler(), control.Hosts{Exposed: exposed})
}

// request sends "VERB /path" to a handler.
func request(handler http.Handler, target, body string, header ...string) *httptest.ResponseRecorder {
	verb, path, _ := strings.Cut(target, " ")
	r := httptest.NewRequest(verb, path, strings.NewReader(body))
	r.Host = "localhost"
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
			continue
		}
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w
}

func TestEachListenerDecidesWhichHostHeadersItAccepts(t *testing.T) {
	s, err := emulator.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		host                            string
		loopback, exposed, both, narrow int // both: a loopback listener with allowed names; narrow: an exposed one
	}{
		{"127.0.0.1:15060", 200, 200, 200, 200},
		{"localhost", 200, 200, 200, 200},
		{"LOCALHOST:1", 200, 200, 200, 200},
		{"[::1]:15060", 200, 200, 200, 200},
		{"127.8.8.8", 200, 200, 200, 200},
		{"example.com", 403, 200, 403, 403},
		{"127.0.0.1.example.com", 403, 200, 403, 403},
		{"emulator.test:15060", 403, 200, 200, 200},
		{"EMULATOR.test", 403, 200, 200, 200},
		{"not.emulator.test", 403, 200, 403, 403},
		{"10.0.0.1:15060", 403, 200, 403, 200},
		{"[2001:db8::1]:15060", 403, 200, 403, 200},
		{"", 403, 200, 403, 403},
	} {
		names := []string{"emulator.test"}
		for _, listener := range []struct {
			hosts control.Hosts
			want  int
		}{
			{control.Hosts{}, c.loopback}, {control.Hosts{Exposed: true}, c.exposed},
			{control.Hosts{Allowed: names}, c.both}, {control.Hosts{Exposed: true, Allowed: names}, c.narrow},
		} {
			got := request(control.Guard(s.Handler(), listener.hosts), "GET /_voxemu/health", "", "Host", c.host)
			if got.Code != listener.want {
				t.Errorf("Host %q at %+v: %d, want %d", c.host, listener.hosts, got.Code, listener.want)
			}
		}
	}
}

func TestCrossOriginRequestsOfBrowsersAreRefused(t *testing.T) {
	for _, c := range []struct {
		target string
		header []string
		want   int
	}{
		{"POST /_voxemu/reset", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"POST /_voxemu/reset", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate"}, 403}, // a form on another site
		{"POST /_voxemu/reset", []string{"Origin", "http://example.com"}, 403},
		{"POST /_voxemu/reset", []string{"Sec-Fetch-Site", "same-origin"}, 200},
		{"POST /_voxemu/reset", []string{"Origin", "http://localhost"}, 200},
		{"GET /_voxemu/state", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors"}, 403},
		{"GET /_voxemu/state", []string{"Sec-Fetch-Site", "same-site", "Sec-Fetch-Mode", "cors"}, 403}, // a page on another port
		{"GET /_voxemu/state", []string{"Origin", "null"}, 403},
		{"GET /_voxemu/state", []string{"Sec-Fetch-Site", "same-origin", "Origin", "http://localhost"}, 200},
		{"GET /_voxemu/state", []string{"Sec-Fetch-Site", "none"}, 200},                                     // typed into the address bar
		{"GET /_voxemu/state", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate"}, 403}, // a link on another site
		{"GET /_voxemu/keys/owner-key/credentials", []string{"Sec-Fetch-Site", "same-site", "Sec-Fetch-Mode", "navigate"}, 403},
		{"GET /_voxemu/docs/", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate"}, 200},
		{"GET /_voxemu/docs/scalar.js", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors"}, 403},
		{"POST /_voxemu/docs/", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate"}, 403},
		{"GET /openapi.yaml", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "cors"}, 200},
	} {
		got := request(serve(t, true), c.target, "", c.header...)
		if got.Code != c.want || c.want == 403 && problem(t, got.Body.Bytes()).Message == "" {
			t.Errorf("%s %v: %d %s, want %d", c.target, c.header, got.Code, got.Body, c.want)
		}
	}
}

func TestTheDescriptionsNameTheAddressTheyWereAskedAt(t *testing.T) {
	for _, target := range []string{"GET /openapi.yaml", "GET /_voxemu/openapi.yaml"} {
		got := request(serve(t, true), target, "", "Host", "emulator.test:8080").Body.String()
		if want := `url: "http://emulator.test:8080"`; !strings.Contains(got, want) {
			t.Errorf("%s: %.300s lacks %s", target, got, want)
		}
	}
}

// problem returns the error of a reply.
func problem(t *testing.T, body []byte) control.Problem {
	t.Helper()
	var answer struct{ Error control.Problem }
	if err := json.Unmarshal(body, &answer); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return answer.Error
}

func TestAnUnknownPathIsAnsweredWithTheNearestOne(t *testing.T) {
	for path, near := range map[string]string{
		"/_voxemu":                         "/_voxemu/keys",
		"/_voxemu/":                        "/_voxemu/keys",
		"/_voxemu/helth":                   "/_voxemu/health",
		"/_voxemu/health/":                 "/_voxemu/health",
		"/_voxemu/clock/advanced":          "/_voxemu/clock/advance",
		"/_voxemu/account":                 "/_voxemu/accounts",
		"/_voxemu/accounts/1/topup":        "/_voxemu/accounts/{id}/top-up",
		"/_voxemu/registrations/17/answr":  "/_voxemu/registrations/{id}/answer",
		"/_voxemu/snapshots/before/restor": "/_voxemu/snapshots/{name}/restore",
	} {
		got := request(serve(t, false), "GET "+path, "")
		if found := problem(t, got.Body.Bytes()); got.Code != 404 || !cmp.Equal(found.Allowed, []string{near}) || !strings.Contains(found.Message, near) {
			t.Errorf("%s: %d %+v, want %s", path, got.Code, found, near)
		}
	}
}

func TestAWrongVerbIsAnsweredWithTheAllowedOnes(t *testing.T) {
	for target, want := range map[string]string{
		"GET /_voxemu/reset":           "POST",
		"PATCH /_voxemu/state":         "GET, HEAD, POST, PUT",
		"POST /_voxemu/requests":       "DELETE, GET, HEAD",
		"POST /_voxemu/faults/x":       "DELETE, GET, HEAD, PUT",
		"GET /_voxemu/accounts/1":      "DELETE",
		"POST /_voxemu/requests/count": "GET, HEAD",
	} {
		got := request(serve(t, false), target, "")
		if allow := got.Header().Get("Allow"); got.Code != 405 || allow != want || problem(t, got.Body.Bytes()).Message == "" {
			t.Errorf("%s: %d, Allow %q, want %q", target, got.Code, allow, want)
		}
	}
}

func TestTheTokenIsAskedForEverywhereButAtHealth(t *testing.T) {
	handler := serve(t, false, emulator.WithControlToken("sesame"))
	for _, test := range []struct {
		target, authorization string
		want                  int
	}{
		{"GET /_voxemu/clock", "", 401},
		{"GET /_voxemu/clock", "Bearer", 401},
		{"GET /_voxemu/clock", "Bearer sesam", 401},
		{"GET /_voxemu/clock", "Basic sesame", 401},
		{"GET /_voxemu/clock", "Bearer sesame", 200},
		{"GET /_voxemu/clock", "bearer sesame", 200},
		{"GET /_voxemu/nonsense", "", 401},
		{"GET /_voxemu/health", "", 200},
		{"GET /openapi.yaml", "", 200},
	} {
		got := request(handler, test.target, "", "Authorization", test.authorization)
		if got.Code != test.want || (got.Code == 401) != (got.Header().Get("WWW-Authenticate") != "") {
			t.Errorf("%s with %q: %d, want %d", test.target, test.authorization, got.Code, test.want)
		}
		if strings.Contains(got.Body.String(), "sesame") {
			t.Errorf("%s tells the token", test.target)
		}
	}
}

func TestAllMistakesOfABodyAreNamedWithTheirPlace(t *testing.T) {
	for body, want := range map[string][]string{
		`{"Name":"x"}`: {"Name"},
		`{"name":1,"balance":"x","currency":null}`:    {"name", "balance", "currency"},
		`{"applications":[{"name":"a","rules":[1]}]}`: {"applications[0].rules[0]"},
		`{"applications":[{"nam":"a"},{"users":{}}]}`: {"applications[0].nam", "applications[1].users"},
		`{"name":"a","name":"b"}`:                     {"name"},
		`{"applications":{}}`:                         {"applications"},
		`{"credentials":"yes"}`:                       {"credentials"},
		`[]`:                                          {""}, `"x"`: {""}, `{`: {""}, `{} {}`: {""}, `null`: {""}, "\xff": {""},
	} {
		got := request(serve(t, false), "POST /_voxemu/accounts", body)
		first := problem(t, got.Body.Bytes())
		places := []string{first.Member}
		for _, more := range first.More {
			places = append(places, more.Member)
		}
		if diff := cmp.Diff(want, places); got.Code != 400 || diff != "" {
			t.Errorf("%s: %d %s\n%s", body, got.Code, got.Body, diff)
		}
	}
	got := problem(t, request(serve(t, false), "POST /_voxemu/clock/advance", `{"d":1}`).Body.Bytes())
	if diff := cmp.Diff([]string{"duration", "anchor"}, got.Allowed); diff != "" || !strings.Contains(got.Message, "duration") {
		t.Errorf("%+v\n%s", got, diff)
	}
}

func TestMistakesInParametersAndBodyAreNamedTogether(t *testing.T) {
	got := problem(t, request(serve(t, false), "POST /_voxemu/accounts/x/top-up?y=1", `{"z":1}`).Body.Bytes())
	places := []string{got.Parameter}
	for _, more := range got.More {
		places = append(places, more.Parameter+more.Member)
	}
	if diff := cmp.Diff([]string{"id", "y", "z"}, places); diff != "" {
		t.Error(diff)
	}
}

func TestABodyThatIsTooLargeIsRefused(t *testing.T) {
	if got := request(serve(t, false), "PUT /_voxemu/state", strings.Repeat("#", 16<<20+1)); got.Code != 413 {
		t.Errorf("%d %s", got.Code, got.Body)
	}
}

func TestStartIsRefusedWhenRoutesAndDescriptionDiffer(t *testing.T) {
	const described = "paths:\n  /a:\n    get:\n      operationId: getA\n"
	if err := control.Compare("GET", "/a", "getA", described); err != nil {
		t.Error(err)
	}
	err := control.Compare("POST", "/a", "postA", described)
	if err == nil || !strings.Contains(err.Error(), "GET /a (getA)") || !strings.Contains(err.Error(), "POST /a (postA)") {
		t.Errorf("error %v, want both mistakes", err)
	}
}

func FuzzABodyIsDecodedOrRefused(f *testing.F) {
	for _, text := range []string{`{"name":"a"}`, `{"balance":"1"}`, `[`, `{"applications":[{"name":"a","rules":["b"]}]}`, `{"a":null}`} {
		f.Add([]byte(text))
	}
	f.Add([]byte("\uFEFF{}"))
	f.Add([]byte("{\x00}\x00"))
	f.Fuzz(func(t *testing.T, text []byte) {
		var strict, lax vox.AccountRequest
		err := control.Body(text).Decode(&strict)
		if utf8.Valid(text) && !bytes.HasPrefix(text, []byte("\uFEFF")) && !bytes.ContainsRune(text, 0) {
			marked := append([]byte("\uFEFF"), text...)
			if got := control.Body(marked).Decode(new(vox.AccountRequest)); fmt.Sprint(got) != fmt.Sprint(err) {
				t.Errorf("%q with a byte order mark: %v, without: %v", text, got, err)
			}
		}
		text = bytes.TrimPrefix(text, []byte("\uFEFF"))
		if err != nil || len(bytes.TrimSpace(text)) == 0 {
			return
		}
		if err := json.Unmarshal(text, &lax); err != nil {
			t.Fatalf("%q: accepted, but %v", text, err)
		}
		if diff := cmp.Diff(lax, strict); diff != "" {
			t.Errorf("%q:\n%s", text, diff)
		}
	})
}

// Probes such as wait-on ask with HEAD.
func TestHeadIsAnsweredWhereverGetIs(t *testing.T) {
	s := listening(t)
	tried := 0
	for _, operation := range control.Operations() {
		verb, path, _ := strings.Cut(operation, " ")
		path, _, _ = strings.Cut(path, " ")
		if verb != http.MethodGet {
			continue
		}
		tried++
		path = strings.NewReplacer("{id}", "owner-key", "{name}", "nothing", "{file}", "reference.js").Replace(path)
		if strings.HasSuffix(path, "/wait") {
			path += "?timeout=1ms"
		}
		reply, err := http.Head(s.URL() + path)
		if err != nil {
			t.Fatal(err)
		}
		if text, err := io.ReadAll(reply.Body); reply.StatusCode == 405 || reply.StatusCode >= 500 || len(text) > 0 || err != nil || reply.Header.Get("Content-Type") == "" {
			t.Errorf("%s: %s, %d bytes, %v", path, reply.Status, len(text), err)
		}
		_ = reply.Body.Close()
	}
	if tried < 20 {
		t.Errorf("only %d paths", tried)
	}
}

// A path is guarded however it is spelled: no spelling shows the state to another site, or
// to who has no token.
func TestNoSpellingOfAPathPassesTheGuards(t *testing.T) {
	open := serve(t, false, emulator.WithScenario("demo"))
	locked := serve(t, false, emulator.WithScenario("demo"), emulator.WithControlToken("token"))
	for _, path := range []string{
		"/_voxemu/state", "//_voxemu/state", "/_voxemu//state", "/_voxemu/./state", "/./_voxemu/state", "/x/../_voxemu/state",
		"/_voxemu/docs/../state", "/_voxemu/health/../state", "/_voxemu/docs/..%2fstate", "/_voxemu/%73tate", "/%5fvoxemu/state",
		"/_VOXEMU/state", "/_voxemu/state/", "/_voxemu/state;x", "/_voxemu/state%00", "/_voxemu%2fstate", "/%2f_voxemu/state",
		"/_voxemu/docs/%2e%2e/state", "/platform_api/../_voxemu/state", "/openapi.yaml/../_voxemu/state", "/_voxemu\\state", "/_voxemu/health;/../state",
	} {
		for name, handler := range map[string]http.Handler{"another site": open, "no token": locked} {
			header := []string{"Sec-Fetch-Mode", "navigate"}
			if name == "another site" {
				header = append(header, "Sec-Fetch-Site", "cross-site")
			}
			if got := request(handler, "GET "+path, "", header...); got.Code == 200 || strings.Contains(got.Body.String(), "sip_registrations") {
				t.Errorf("%s by %s: %d %.200s", path, name, got.Code, got.Body)
			}
		}
	}
}

// Pages, probes and prefetching browsers send GET: it changes nothing.
func TestAGetChangesNothing(t *testing.T) {
	s := newServer(t)
	var first, last bytes.Buffer
	if err := s.Save(&first); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{
		"health", "config", "coverage", "assumptions", "scenarios", "state?secrets=true", "snapshots", "clock", "accounts", "registrations",
		"users", "callbacks", "requests", "requests/count", "requests/har", "requests/jsonl", "faults", "metrics", "ca.pem", "openapi.yaml",
		"keys/owner-key/credentials", "keys/nobody/credentials", "docs/",
	} {
		if reply := request(s.Handler(), "GET /_voxemu/"+path, ""); reply.Code >= 500 {
			t.Errorf("%s: %d %s", path, reply.Code, reply.Body)
		}
	}
	if err := s.Save(&last); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first.String(), last.String()); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
}
