package evidence

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/voxemu/voxemu"
	"github.com/voxemu/voxemu/emulator/internal/contract"
)

// session is a recording in progress. The service is a handler.
type session struct {
	url  string // of the recorder
	file string
	stop func() (int, error)
}

func startSession(t testing.TB, service http.Handler, change func(*Config)) session {
	t.Helper()
	upstream := httptest.NewServer(service)
	t.Cleanup(upstream.Close)
	ctx, cancel := context.WithCancel(t.Context())
	ready := make(chan string, 1)
	config := Config{
		Upstream: upstream.URL, Out: filepath.Join(t.TempDir(), "session.jsonl"), Addr: "127.0.0.1:0", Version: "test",
		Ready: func(plain, _ string) { ready <- plain },
	}
	if change != nil {
		change(&config)
	}
	type result struct {
		exchanges int
		err       error
	}
	done := make(chan result, 1)
	go func() {
		exchanges, err := Record(ctx, config)
		done <- result{exchanges, err}
	}()
	stop := func() (int, error) {
		cancel()
		r := <-done
		done <- r
		return r.exchanges, r.err
	}
	t.Cleanup(func() { _, _ = stop() })
	select {
	case at := <-ready:
		return session{at, config.Out, stop}
	case r := <-done:
		t.Fatal(r.err)
	}
	return session{}
}

// send posts a form and returns the reply.
func (s session) send(t testing.TB, method string, parameters url.Values) string {
	t.Helper()
	reply, err := http.PostForm(s.url+"/platform_api/"+method, parameters)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// answers returns a service that answers everything with one text.
func answers(text string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, text)
	})
}

// secrets are keys, passwords, tokens, salts and e-mails, of all looks that they can have.
func secrets() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.StringMatching(`[A-Za-z0-9]{9}[0-9][A-Z][A-Za-z0-9+/=_.-]{4,20}`),
		rapid.StringMatching(`[a-z]{6,10}\.[a-z0-9]{3,9}@[a-z]{5,12}\.example\.com`),
		rapid.StringMatching(`[A-Za-z]{1,2}[$!@#%^&*?][a-z0-9]{1,2}[$!#%^&*?~|][A-Z0-9]{1,2}[$!#][a-z]{1,2}`),
		rapid.StringMatching(`[a-z]{9,15}`),
		rapid.StringMatching(`[A-Z]{9,16}`),
		rapid.StringMatching(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`),
		rapid.StringMatching(`[0-9a-f]{32}`),
		rapid.StringMatching(`[3-9][0-9]{7}`),
		rapid.StringMatching(`eyJ[A-Za-z0-9_-]{12}\.eyJ[A-Za-z0-9_-]{20}\.[A-Za-z0-9_-]{22}`),
		rapid.StringMatching(`[a-z]{4} [a-z]{5} [a-z]{6}`),
		rapid.StringMatching(`[а-я]{4}[0-9]{2}[А-Я]{4}[!?]`),
	).Filter(func(text string) bool { return !published()[text] })
}

// Secrets, e-mails and tokens in every place that a request or a reply has are in no
// recording, report, log or error.
func TestNothingSecretReachesTheRecording(t *testing.T) {
	spec, err := specification()
	if err != nil {
		t.Fatal(err)
	}
	fewer(t, "40")
	rapid.Check(t, func(rt *rapid.T) {
		var planted []string
		plant := func(where string) string {
			text := secrets().Draw(rt, where)
			planted = append(planted, text)
			return text
		}
		// member is a name that no member has: those that are spelt like one are kept.
		member := func(where string) string {
			text := rapid.StringMatching(`[A-Za-z0-9]{9}[0-9][A-Z][A-Za-z0-9_.-]{4,20}`).Draw(rt, where)
			planted = append(planted, text)
			return text
		}
		methods := spec.Methods()
		m := methods[rapid.IntRange(0, len(methods)-1).Draw(rt, "method")]
		p := url.Values{plant("name"): {"1"}, "invented": {plant("unknown parameter")}, "account_email": {plant("e-mail")}, "api_key": {plant("key")}}
		for _, name := range m.Parameters() {
			p.Set(name, plant(name))
			if rapid.IntRange(0, 3).Draw(rt, "list") == 0 {
				p.Set(name, plant(name)+";"+plant(name))
			}
		}
		reply := map[string]any{}
		for _, name := range membersOf() {
			switch rapid.IntRange(0, 3).Draw(rt, "nested") {
			case 0:
				reply[name] = []any{map[string]any{name: plant(name)}, plant(name)}
			case 1:
				inner, _ := json.Marshal(map[string]any{name: plant(name), "deep": []any{plant(name)}}) // texts cannot fail
				reply[name] = string(inner)
			case 2:
				reply[name] = map[string]any{member("member"): plant(name), name: plant(name)}
			default:
				reply[name] = plant(name)
			}
		}
		reply["invented"] = map[string]any{"deep": plant("deep"), member("member"): true}
		reply["error"] = map[string]any{"code": 496, "msg": "Invalid '" + plant("msg") + "'.", "field_name": plant("field"), "detail": plant("detail")}
		reply["errors"] = []any{reply["error"], map[string]any{"code": 100, "msg": plant("msg") + " is " + plant("msg")}}
		if rapid.Bool().Draw(rt, "success") {
			delete(reply, "error")
			delete(reply, "errors")
		}
		text, err := json.Marshal(reply)
		if err != nil {
			rt.Fatal(err)
		}
		var log bytes.Buffer
		s := startSession(t, answers(string(text)), func(c *Config) { c.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
		method := m.Name
		if rapid.IntRange(0, 5).Draw(rt, "unknown method") == 0 {
			method = strings.ReplaceAll(plant("method"), "/", "-") // a path with more labels is none of the API
		}
		query := url.Values{"session_id": {plant("session")}, plant("name"): {plant("value")}}
		path := "/platform_api/" + url.PathEscape(method)
		if rapid.IntRange(0, 3).Draw(rt, "cmd") == 0 {
			path = "/platform_api"
			query.Set("cmd", method)
		}
		body, contentType := p.Encode(), "application/x-www-form-urlencoded"
		switch rapid.IntRange(0, 3).Draw(rt, "encoding") {
		case 0:
			flat := map[string]any{}
			for name := range p {
				flat[name] = p.Get(name)
			}
			if rapid.Bool().Draw(rt, "object") {
				flat["invented"] = map[string]any{plant("member"): plant("object")}
			}
			inner, _ := json.Marshal(flat) // texts cannot fail
			body, contentType = string(inner), "application/json"
		case 1:
			var parts bytes.Buffer
			form := multipart.NewWriter(&parts)
			for name := range p {
				_ = form.WriteField(name, p.Get(name)) // to memory
			}
			file, _ := form.CreateFormFile("invented_file", plant("file name"))
			_, _ = io.WriteString(file, plant("file"))
			_ = form.Close()
			body, contentType = parts.String(), form.FormDataContentType()
		}
		request, err := http.NewRequest(http.MethodPost, s.url+path+"?"+query.Encode(), strings.NewReader(body))
		if err != nil {
			rt.Fatal(err)
		}
		request.Header.Set("Content-Type", contentType)
		request.Header.Set("Authorization", "Bearer "+url.PathEscape(plant("token")))
		request.Header.Set("X-Custom", url.PathEscape(plant("header")))
		request.Header.Set("User-Agent", url.PathEscape(plant("agent")))
		if reply, err := http.DefaultClient.Do(request); err != nil {
			rt.Fatal(err)
		} else {
			_, _ = io.Copy(io.Discard, reply.Body)
			_ = reply.Body.Close()
		}
		if n, err := s.stop(); err != nil || n != 1 {
			rt.Fatalf("%d exchanges, %v", n, err)
		}
		recorded, err := os.ReadFile(s.file)
		if err != nil {
			rt.Fatal(err)
		}
		report, err := Compare(t.Context(), []string{s.file}, Options{})
		told, _ := json.Marshal(report) // cannot fail: texts and numbers
		var seed bytes.Buffer
		for _, state := range report.Seeds {
			_ = state.WriteYAML(&seed) // to memory
		}
		for _, text := range planted {
			if contained(recorded, text) {
				rt.Fatalf("%s stands in the recording:\n%s", text, recorded)
			}
			if contained(told, text) || contained(seed.Bytes(), text) || strings.Contains(fmt.Sprint(err), text) || strings.Contains(log.String(), text) {
				rt.Fatalf("%s stands in the report, the log or the error:\n%s\n%s\n%v", text, told, log.String(), err)
			}
		}
	})
}

// contained reports whether a text stands in JSON, as it is or escaped.
func contained(in []byte, text string) bool {
	escaped, _ := json.Marshal(text) // a text cannot fail
	return bytes.Contains(in, []byte(text)) || bytes.Contains(in, bytes.Trim(escaped, `"`))
}

// membersOf returns names of members of replies, of each kind of data.
func membersOf() []string {
	return []string{
		"api_key", "callback_salt", "account_email", "account_name", "mobile_phone", "application_name", "user_name", "key_id", "private_key",
		"proxy", "description", "transaction_description", "currency", "timezone", "role_name", "created", "balance", "subscription_price",
		"last_updated", "count", "successful", "ip", "cmd_args", "callback_url", "rule_pattern", "scenario_script", "location", "application_id", "result",
	}
}

func TestARecordingIsRefusedIfAMaskedValueStandsElsewhere(t *testing.T) {
	spec, err := specification()
	if err != nil {
		t.Fatal(err)
	}
	for of, value := range map[contract.Data]string{contract.DataSecret: "hidden-value", contract.DataName: "JohnGalt", contract.DataID: "7654321"} {
		m := newMasker(spec)
		m.note(value, of)
		for _, line := range []string{
			`{"reply":{"result":"%s"}}`, `{"parameters":{"x":["a %s b"]}}`, `{"%s":1}`, `{"caller":{"key":"%s"}}`,
		} {
			leaked := fmt.Sprintf(line, value)
			if err := m.audit(strings.NewReader(leaked)); !errors.Is(err, ErrLeak) || strings.Contains(err.Error(), value) {
				t.Errorf("%s: %v", leaked, err)
			}
		}
	}
}

// Ids, names, hosts and keys are the same placeholder in every place.
func TestRelationsStayInARecording(t *testing.T) {
	s := startSession(t, answers(`{"result":[{"application_id":7654321,"application_name":"payroll.acme.voximplant.com","rules":[{"rule_id":7654399}]},{"application_id":7654320}]}`), nil)
	s.send(t, "GetApplications", url.Values{"application_id": {"7654321"}, "application_name": {"payroll"}, "account_name": {"acme"}, "api_key": {"some-long-key"}})
	s.send(t, "GetApplications", url.Values{"account_name": {"acme"}, "api_key": {"some-long-key"}})
	if _, err := s.stop(); err != nil {
		t.Fatal(err)
	}
	recording, err := Open(s.file)
	if err != nil {
		t.Fatal(err)
	}
	first := recording.Exchanges[0]
	rows := first.Reply.(map[string]any)["result"].([]any)
	row := rows[0].(map[string]any)
	if id := row["application_id"].(json.Number).String(); id != first.Parameters["application_id"][0] {
		t.Errorf("the id is %s in the reply, %v in the request", id, first.Parameters)
	}
	if full := row["application_name"]; full != first.Parameters["application_name"][0]+"."+first.Caller.Account+".voximplant.com" {
		t.Errorf("the full name is %s; request %v, account %s", full, first.Parameters, first.Caller.Account)
	}
	if second := recording.Exchanges[1]; second.Caller != first.Caller {
		t.Errorf("callers %+v and %+v", first.Caller, second.Caller)
	}
	larger, _ := row["application_id"].(json.Number).Int64()
	smaller, _ := rows[1].(map[string]any)["application_id"].(json.Number).Int64()
	if len(recording.End.IDs) != 3 || recording.End.IDs[0] != smaller || recording.End.IDs[1] != larger {
		t.Errorf("order of ids %v, want %d first", recording.End.IDs, smaller)
	}
}

// What the service refuses for its form is refused again.
func TestAPlaceholderKeepsTheRulesThatItsValueBreaks(t *testing.T) {
	spec, err := contract.Load(voxemu.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	m := newMasker(spec)
	for _, c := range []struct {
		of          contract.Data
		value, like string
	}{
		{contract.DataSecret, "Ab1-defgh", `^S.*[a-z].*[0-9]$`},
		{contract.DataSecret, "1234567", `^[0-9]{7}$`},
		{contract.DataSecret, "abc", `^[a-z]{1,5}$`},
		{contract.DataHost, "pbx.acme.com:5061;transport=tcp", `^name-\d+\.name-\d+\.com:5061;transport=tcp$`},
		{contract.DataHost, "http://pbx.acme.com/x y", `^http://name-\d+\.name-\d+\.com/[a-j] [a-j]$`},
		{contract.DataHost, "203.0.113.7:5060", `^\d+\.\d+\.\d+\.\d+:5060$`},
		{contract.DataHost, "203.0.113.0/24", `^\d+\.\d+\.\d+\.0/24$`},
		{contract.DataName, "jane.doe@acme.com", `^name-\d+\.name-\d+@name-\d+\.com$`},
		{contract.DataPhone, "+49301234567", `^\+5\d{10}$`},
		{contract.DataPhone, "7.+", `^7\.\+$`},
		{contract.DataText, strings.Repeat("x", 300), `^text-\d+x{290,}$`},
		{contract.DataID, "all", `^all$`}, {contract.DataID, "0", `^0$`}, {contract.DataID, "-17", `^-1$`},
		{contract.DataMoney, "-12.50", `^-1\.00$`}, {contract.DataMoney, "0", `^0$`},
		{contract.DataKept, "Europe/Berlin", `^Europe/Berlin$`}, {contract.DataKept, "janes-secret-place", `^text-\d+$`},
	} {
		if got := m.text(c.of, c.value); !matches(t, c.like, got) {
			t.Errorf("%s %q: %q, want %s", c.of, c.value, got, c.like)
		}
	}
	a, _ := m.address("198.51.100.7")
	b, _ := m.address("198.51.100.0/24")
	if strings.TrimSuffix(b, ".0/24") != a[:strings.LastIndex(a, ".")] {
		t.Errorf("%s is not in %s", a, b)
	}
}

func matches(t *testing.T, pattern, text string) bool {
	t.Helper()
	found, err := regexp.MatchString(pattern, text)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestAnInterruptedRecordingIsNoRecording(t *testing.T) {
	s := startSession(t, answers(`{"result":1}`), nil)
	s.send(t, "GetRoles", nil)
	if _, err := Open(partial(s.file)); !errors.Is(err, ErrIncomplete) {
		t.Errorf("before the end: %v", err)
	}
	if _, err := s.stop(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(s.file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(text), "\n")
	for name, broken := range map[string]string{
		"nothing":          "",
		"no head":          lines[1] + lines[2],
		"another format":   strings.Replace(lines[0], `"voxemu_recording":1`, `"voxemu_recording":2`, 1) + lines[1] + lines[2],
		"a line is gone":   lines[0] + lines[2],
		"after the end":    string(text) + lines[1],
		"an unknown field": lines[0] + strings.Replace(lines[1], `"verb"`, `"verbs"`, 1) + lines[2],
	} {
		if _, err := read(strings.NewReader(broken)); err == nil {
			t.Errorf("%s: read", name)
		}
	}
}

// Only the upstream is reached, and its redirects are passed on.
func TestARecorderReachesItsUpstreamOnly(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the other server was reached") }))
	defer other.Close()
	t.Setenv("HTTP_PROXY", other.URL)
	s := startSession(t, http.RedirectHandler(other.URL, http.StatusFound), nil)
	request, err := http.NewRequest(http.MethodGet, s.url+"/platform_api/GetRoles", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = strings.TrimPrefix(other.URL, "http://")
	reply, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	if reply.StatusCode != http.StatusFound {
		t.Errorf("status %d", reply.StatusCode)
	}
}

func TestARequestThatIsBrokenOffIsCountedAndNotRecorded(t *testing.T) {
	s := startSession(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, `{"result"`)
		panic(http.ErrAbortHandler)
	}), nil)
	reply, err := http.Get(s.url + "/platform_api/GetRoles")
	if err == nil {
		_, _ = io.ReadAll(reply.Body)
		_ = reply.Body.Close()
	}
	if n, err := s.stop(); n != 0 || err != nil {
		t.Fatal(n, err)
	}
	recording, err := Open(s.file)
	if err != nil || recording.End.LeftOut != 1 {
		t.Errorf("%d left out, %v", recording.End.LeftOut, err)
	}
}

// --account records the requests of one account, however it is named; all others pass.
func TestARecordingOfOneAccountHasNoOther(t *testing.T) {
	calls := []url.Values{
		{"account_id": {"1"}, "api_key": {"x"}}, {"account_id": {"2"}, "api_key": {"x"}}, {"account_name": {"acme"}, "api_key": {"x"}},
		{"account_name": {"other"}, "api_key": {"x"}}, {"account_email": {"owner@acme.com"}, "api_key": {"x"}}, {"session_id": {"x"}}, nil,
	}
	for account, want := range map[string]int{"": len(calls), "1": 1, "acme": 1, "owner@acme.com": 1, "3": 0} {
		s := startSession(t, answers(`{"result":[]}`), func(c *Config) { c.Account = account })
		for _, call := range calls {
			if got := s.send(t, "GetRoles", call); got != `{"result":[]}` {
				t.Errorf("%v: %s", call, got)
			}
		}
		if n, err := s.stop(); n != want || err != nil {
			t.Errorf("%q: %d exchanges, want %d; %v", account, n, want, err)
		}
	}
}
