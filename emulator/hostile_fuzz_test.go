package emulator_test

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/internal/control"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// largestSeed is the maximum size of a seed, in bytes, because large inputs slow the
// fuzzer down.
const largestSeed = 4 << 10

// large are placeholders that are larger, whatever is around them: filling them in takes
// seconds in all.
var large = regexp.MustCompile(`\{\{(times|numbered) \d{5,} `)

// fuzzed is a server that the fuzz targets of a process share, with its original state.
type fuzzed struct {
	*emulator.Server
	clean scenarios.Scenario
}

func newFuzzed(f *testing.F) fuzzed {
	f.Helper()
	s := newServer(f, emulator.WithJournalSize(16))
	loadRole(f, s, vox.Owner)
	return fuzzed{s, rowsOf(f, s)}
}

func rowsOf(t testing.TB, s *emulator.Server) scenarios.Scenario {
	t.Helper()
	state, err := s.State()
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// changed returns a difference from the original state and restores it.
func (s fuzzed) changed(t *testing.T) string {
	t.Helper()
	now := rowsOf(t, s.Server)
	if reflect.DeepEqual(s.clean, now) {
		return ""
	}
	loadRole(t, s.Server, vox.Owner)
	return cmp.Diff(s.clean, now)
}

// FuzzHostileRequest sends any HTTP request to the API. The reply must be one of the API,
// and a refused request must change nothing.
func FuzzHostileRequest(f *testing.F) {
	for _, c := range hostileCases(f) {
		if large.MatchString(c.request) {
			continue
		}
		if wire, _ := c.wire(f); len(wire) <= largestSeed {
			f.Add(wire)
		}
	}
	s := newFuzzed(f)
	f.Fuzz(func(t *testing.T, wire string) {
		r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(wire)))
		if err != nil || strings.HasPrefix(r.URL.Path, control.Prefix) {
			return
		}
		r.RemoteAddr = "127.0.0.1:1"
		recorder := httptest.NewRecorder()
		s.Handler().ServeHTTP(recorder, r)
		refused := true
		switch recorder.Code {
		case http.StatusOK:
			refused = r.URL.Path != "/openapi.yaml" && !succeeded(t, recorder)
		case http.StatusNotFound, http.StatusMethodNotAllowed:
		default:
			t.Errorf("status %d", recorder.Code)
		}
		if diff := s.changed(t); refused && diff != "" {
			t.Errorf("a refused call left a trace:\n%s", diff)
		}
	})
}

// succeeded parses a reply of the API and reports whether it is a success.
func succeeded(t *testing.T, reply *httptest.ResponseRecorder) bool {
	t.Helper()
	var object map[string]json.RawMessage
	if err := json.Unmarshal(reply.Body.Bytes(), &object); err != nil {
		t.Fatalf("no JSON object: %v\n%.1000s", err, reply.Body)
	}
	if object["error"] == nil && object["errors"] == nil {
		return true
	}
	if code, _ := refusal(t, reply.Body.String()); !errorReplyFits(reply.Body.String()) || code <= 2 {
		t.Errorf("not the shape of a refusal: %.1000s", reply.Body)
	}
	return false
}

// FuzzHostileToken signs any header and claims with the right key or another one. Only
// tokens that the rules permit may be accepted.
func FuzzHostileToken(f *testing.F) {
	f.Add(`{"alg":"RS256","kid":"role-key"}`, `{"iss":1,"iat":"now+0","exp":"now+1800"}`, true)
	for _, c := range hostileCases(f) {
		if !strings.Contains(c.request, "Authorization: Bearer ") {
			continue // building the others takes seconds
		}
		wire, _ := c.wire(f)
		if _, token, ok := strings.Cut(wire, "Authorization: Bearer "); ok && len(wire) <= largestSeed {
			parts := strings.Split(token, ".")
			header, _ := base64.RawURLEncoding.DecodeString(parts[0]) // seeds that are not base64 are empty
			claims, _ := base64.RawURLEncoding.DecodeString(parts[min(1, len(parts)-1)])
			f.Add(string(header), string(claims), true)
		}
	}
	s := newFuzzed(f)
	f.Fuzz(func(t *testing.T, header, claims string, right bool) {
		signer := "garbage"
		if right {
			signer = "RS256"
		}
		token, err := forgeRaw(t, signer, header, claims)
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest("GET", "/platform_api/GetSipRegistrations", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		if text := answer(t, s.Handler(), r); codeOf(t, text) == 0 && !(right && permitted(t, header, token)) {
			t.Errorf("let in with %s and %s", header, claims)
		}
	})
}

// permitted checks a token by the rules of docs/evidence.md#tokens, using only
// encoding/json.
func permitted(t *testing.T, header, token string) bool {
	t.Helper()
	var head map[string]any
	var body struct {
		Iss      any `json:"iss"`
		Iat, Exp float64
	}
	text, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	if json.Unmarshal([]byte(header), &head) != nil || json.Unmarshal(text, &body) != nil {
		return false
	}
	issued := body.Iss == 1.0 || strings.TrimLeft(strings.TrimPrefix(stringOf(body.Iss), "+"), "0") == "1"
	now := float64(time.Now().Unix())
	return head["alg"] == "RS256" && head["kid"] == "role-key" && issued &&
		body.Exp-body.Iat <= 3600.001 && body.Exp > now-15 && body.Iat < now+15
}

func stringOf(v any) string {
	text, _ := v.(string)
	return text
}

// FuzzHostileScenario loads any text. A refused one must change nothing, and a loaded one
// must survive an export.
func FuzzHostileScenario(f *testing.F) {
	for _, c := range hostileCases(f) {
		if c.theme != "scenarios" || large.MatchString(c.request) {
			continue
		}
		if _, body := c.wire(f); len(body) <= largestSeed {
			f.Add(body)
		}
	}
	for _, name := range scenarios.Names() {
		if name == "many" { // its mutations would have 10,000 rows each; another test covers it
			continue
		}
		text, _ := scenarios.Builtin(name)
		f.Add(string(text))
	}
	s := newFuzzed(f)
	f.Fuzz(func(t *testing.T, text string) {
		if err := s.LoadSources(scenarios.Source{Name: "f", Text: []byte(text)}); err != nil {
			if diff := s.changed(t); diff != "" {
				t.Errorf("a refused scenario left a trace:\n%s", diff)
			}
			return
		}
		first := export(t, s.Server)
		if err := s.LoadSources(scenarios.Source{Name: "again", Text: []byte(first)}); err != nil {
			t.Fatalf("%v in\n%s", err, first)
		}
		if diff := cmp.Diff(first, export(t, s.Server)); diff != "" {
			t.Errorf("after a round trip (-before +after):\n%s", diff)
		}
		loadRole(t, s.Server, vox.Owner)
	})
}
