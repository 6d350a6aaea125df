package inject_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/fault"
)

// sights lists how Go's net/http reports each kind of fault.
var sights = []struct {
	kind  string
	then  fault.Then
	works bool   // the request is processed even without after
	http  string // over HTTP/1.1
	https string // over HTTP/1.1 with TLS; empty: the same
	http2 string // empty: as over HTTP/1.1
}{
	{kind: "api_error", then: fault.Do(fault.APIError("INSUFFICIENT_MONEY")), http: `200 {"error":"INSUFFICIENT_MONEY "}`},
	{kind: "api_error", then: fault.Do(fault.APIError("496 on proxy")), http: `200 {"error":"INVALID proxy"}`},
	{kind: "http", then: fault.Do(fault.HTTP{Status: 429, Headers: map[string]string{"Retry-After": "1"}, Body: "slow down"}),
		http: "429 Retry-After=1 slow down"},
	{kind: "http", then: fault.Do(fault.HTTP{Status: 502, Headers: map[string]string{"content-type": "text/html"}, Body: "<h1>Bad Gateway</h1>"}),
		http: "502 Content-Type=text/html <h1>Bad Gateway</h1>"},
	{kind: "http", then: fault.Do(fault.HTTP{Status: 204}), http: "204 "},
	{kind: "delay", then: fault.Do(fault.Delay{Fixed: fault.Duration(time.Hour)}), works: true, http: "200 " + genuine},
	{kind: "delay", then: fault.Do(fault.Delay{Max: fault.Duration(time.Hour)}, fault.HTTP{Status: 503}), http: "503 "},
	{kind: "slow_body", then: fault.Do(fault.SlowBody{Over: fault.Duration(time.Hour), Chunks: 3}), works: true, http: "200 " + genuine},
	{kind: "reset", then: fault.Do(fault.Reset{}), http: "connection reset by peer", http2: "stream error INTERNAL_ERROR"},
	{kind: "reset", then: fault.Do(fault.Reset{AfterSending: fault.Headers}),
		http: "unexpected EOF", https: "connection reset by peer", http2: "stream error INTERNAL_ERROR"}, // Go's parser of headers hides the reset
	{kind: "reset", then: fault.Do(fault.Reset{AfterSending: fault.Body}), works: true,
		http: "connection reset by peer", http2: `200 {"result":1,"sip_r, then stream error INTERNAL_ERROR`},
	{kind: "close", then: fault.Do(fault.Close{}), http: "EOF", http2: "stream error INTERNAL_ERROR"},
	{kind: "close", then: fault.Do(fault.Close{AfterSending: fault.Headers}), http: "unexpected EOF", http2: "stream error INTERNAL_ERROR"},
	{kind: "close", then: fault.Do(fault.Close{AfterSending: fault.Body}), works: true,
		http: `200 {"result":1,"sip_r, then unexpected EOF`, http2: `200 {"result":1,"sip_r, then stream error INTERNAL_ERROR`},
	{kind: "empty_body", then: fault.Do(fault.EmptyBody{}), http: "200 "},
	{kind: "truncated_json", then: fault.Do(fault.TruncatedJSON{}), works: true,
		http: `200 {"result":1,"sip_r, then unexpected EOF`, http2: `200 {"result":1,"sip_r, then stream error INTERNAL_ERROR`},
	{kind: "malformed_json", then: fault.Do(fault.MalformedJSON{}), works: true, http: `200 {"result":1,"sip_registration_id":42]`},
	{kind: "content_type", then: fault.Do(fault.ContentType("text/html")), works: true,
		http: "200 Content-Type=text/html " + genuine},
	{kind: "duplicate_reply", then: fault.Do(fault.DuplicateReply{}), works: true, http: "200 " + genuine},
	{kind: "rate_limit", then: fault.Do(fault.RateLimit{Calls: 2, Per: fault.Duration(3 * time.Second), Burst: 1}),
		http: `200 {"error":"RATE_LIMIT_EXCEED "}`},
	{kind: "rate_limit", then: fault.Do(fault.RateLimit{Calls: 2, Per: fault.Duration(3 * time.Second), Burst: 1, Status: 429}),
		http: "429 Retry-After=2 Too Many Requests\n"}, // a token takes 1.5 s
	{kind: "hang", then: fault.Do(fault.Hang{}), http: "deadline exceeded"},
}

// transports start a server and return its URL and a client for it.
var transports = map[string]func(*testing.T, http.Handler) (string, *http.Client){
	"http": func(t *testing.T, h http.Handler) (string, *http.Client) {
		return start1(t, h, (*httptest.Server).Start)
	},
	"https": func(t *testing.T, h http.Handler) (string, *http.Client) {
		return start1(t, h, (*httptest.Server).StartTLS)
	},
	"http2": func(t *testing.T, h http.Handler) (string, *http.Client) {
		return start1(t, h, func(s *httptest.Server) { s.EnableHTTP2 = true; s.StartTLS() })
	},
}

func start1(t *testing.T, h http.Handler, start func(*httptest.Server)) (string, *http.Client) {
	t.Helper()
	server := httptest.NewUnstartedServer(h)
	server.Config.BaseContext = func(net.Listener) context.Context { return t.Context() }
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	start(server)
	t.Cleanup(server.Close)
	return server.URL, server.Client()
}

func TestWhatANetHTTPClientSeesOfEveryKind(t *testing.T) {
	for transport, serve := range transports {
		for _, sight := range sights {
			for _, after := range []bool{false, true} {
				if after && sight.kind == "rate_limit" {
					continue // refused, see TestMistakesAreRefused
				}
				t.Run(fmt.Sprintf("%s/%s/after=%v", transport, sight.kind, after), func(t *testing.T) {
					e, _ := engine(t, 1, fault.Rule{Name: "rule", Then: sight.then, After: after})
					s := newService(t, e)
					url, client := serve(t, s)
					want := cmp.Or(map[string]string{"https": sight.https, "http2": sight.http2}[transport], sight.http)
					if sight.kind == "rate_limit" {
						claim(e, create) // uses up the limit
					}
					if sight.kind == "hang" {
						client.Timeout = time.Second / 2 // long enough for the request to arrive
					}
					if got := see(client.Do(post(t, url))); got != want {
						t.Errorf("saw %q, want %q", got, want)
					}
					<-s.left // the request ends whatever the client does
					if did := s.done.Load() == 1; did != (after || sight.works) {
						t.Errorf("work done %d times, want it done: %v", s.done.Load(), after || sight.works)
					}
				})
			}
		}
	}
}

// post returns a request that net/http does not repeat, on its own connection.
func post(t *testing.T, url string) *http.Request {
	t.Helper()
	request, err := http.NewRequest("POST", url, strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	request.Close = true
	return request
}

// see describes the result that a client gets.
func see(reply *http.Response, err error) string {
	if err != nil {
		return words(err)
	}
	defer reply.Body.Close()
	seen := fmt.Sprint(reply.StatusCode, " ")
	if after := reply.Header.Get("Retry-After"); after != "" {
		seen += "Retry-After=" + after + " "
	}
	if kind := reply.Header.Get("Content-Type"); strings.HasPrefix(kind, "text/html") {
		seen += "Content-Type=" + kind + " "
	}
	body, err := io.ReadAll(reply.Body)
	seen += string(body)
	switch {
	case errors.Is(err, syscall.ECONNRESET): // how much arrives before the reset varies
		return words(err)
	case err != nil:
		seen += ", then " + words(err)
	}
	return seen
}

func words(err error) string {
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(err, syscall.ECONNRESET):
		return "connection reset by peer"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "unexpected EOF"
	case errors.Is(err, io.EOF):
		return "EOF"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "deadline exceeded"
	case strings.Contains(err.Error(), "stream error") && strings.Contains(err.Error(), "INTERNAL_ERROR"):
		return "stream error INTERNAL_ERROR"
	}
	return err.Error()
}

func TestEveryKindHasASight(t *testing.T) {
	var listed []string
	for _, kind := range fault.Kinds() {
		listed = append(listed, kind.Name)
	}
	seen := map[string]bool{}
	for _, sight := range sights {
		seen[sight.kind] = true
	}
	slices.Sort(listed)
	if diff := gocmp.Diff(listed, slices.Sorted(maps.Keys(seen))); diff != "" {
		t.Errorf("kinds (-listed +seen):\n%s", diff)
	}
}

func TestRepliesSayWhichRuleTheyComeFrom(t *testing.T) {
	for _, then := range []fault.Then{fault.Do(fault.HTTP{Status: 503}), fault.Do(fault.MalformedJSON{})} {
		e, _ := engine(t, 1, fault.Rule{Name: "the-rule", Then: then})
		recorder := httptest.NewRecorder()
		newService(t, e).ServeHTTP(recorder, httptest.NewRequest("GET", "/", nil))
		if got := recorder.Header().Get("X-Voxemu-Fault"); got != "the-rule" {
			t.Errorf("X-Voxemu-Fault %q", got)
		}
	}
}

// A test must be able to see a client's hidden retries in the rule's count.
func TestNetHTTPRepeatsAGetOnAReusedConnectionAndTheRuleSeesBoth(t *testing.T) {
	e, _ := engine(t, 1, fault.Rule{Name: "rule", When: fault.When{Nth: 2}, Then: fault.Do(fault.Reset{}), After: true})
	s := newService(t, e)
	url, client := transports["http"](t, s)
	for range 2 {
		if got := see(client.Get(url)); got != "200 "+genuine {
			t.Errorf("saw %q", got)
		}
	}
	if seen, done := e.Rules()[0].Seen, s.done.Load(); seen != 3 || done != 3 {
		t.Errorf("%d calls seen, work done %d times, want 3 of each", seen, done)
	}
}
