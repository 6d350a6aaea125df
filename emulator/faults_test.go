package emulator_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/journal"
)

func put(t testing.TB, s *emulator.Server, rule fault.Rule) {
	t.Helper()
	if err := s.Faults().Put(rule); err != nil {
		t.Fatal(err)
	}
}

// unavailable is a reply that no method gives without a fault.
var unavailable = fault.Do(fault.HTTP{Status: http.StatusServiceUnavailable})

// client returns a client for HTTP, or for HTTP/2 with TLS, and the server's URL.
func client(t *testing.T, s *emulator.Server, secure bool) (*http.Client, string) {
	t.Helper()
	transport := &http.Transport{ForceAttemptHTTP2: true}
	t.Cleanup(transport.CloseIdleConnections)
	if !secure {
		return &http.Client{Transport: transport}, s.URL()
	}
	ca, err := s.CA()
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	transport.TLSClientConfig = &tls.Config{RootCAs: roots}
	return &http.Client{Transport: transport}, s.TLSURL()
}

func TestALostAnswerIsAboutWorkThatIsDoneAndOtherFaultsAreNot(t *testing.T) {
	const method = "CreateSipRegistration"
	for _, after := range []bool{false, true} {
		for _, secure := range []bool{false, true} {
			s := listening(t)
			put(t, s, fault.Rule{Name: "lost", When: fault.When{Method: method}, Then: fault.Do(fault.Reset{}), After: after, Times: 1})
			browser, base := client(t, s, secure)
			before := strings.Count(export(t, s), "sip_username:")
			reply, err := browser.PostForm(base+path(method), apiKey(exampleOf(t, method)))
			if err == nil {
				reply.Body.Close()
				t.Fatal("answered")
			}
			if !secure && !errors.Is(err, syscall.ECONNRESET) || secure && !strings.Contains(err.Error(), "stream error") {
				t.Error(err)
			}
			if did := strings.Count(export(t, s), "sip_username:") == before+1; did != after {
				t.Errorf("after=%v: registration made: %v", after, did)
			}
			if left := s.Faults().Unspent(); len(left) != 0 {
				t.Errorf("unspent: %+v", left)
			}
		}
	}
}

func TestAFaultMayGiveAnErrorThatTheMethodDoesNotListEvenInStrictMode(t *testing.T) {
	var log bytes.Buffer
	s := newServer(t, emulator.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	put(t, s, fault.Rule{Name: "poor", Then: fault.Do(fault.APIError("127")), Times: 1})
	put(t, s, fault.Rule{Name: "bad-proxy", Then: fault.Do(fault.APIError("INVALID on proxy"))})
	call := func() string { return answer(t, s.Handler(), get("GetSipRegistrations", apiKey(url.Values{}))) }
	const poor = `{"error":{"code":127,"msg":"Insufficient money."},"errors":[{"code":127,"msg":"Insufficient money."}]}`
	if got := call(); got != poor {
		t.Errorf("got %s, want %s", got, poor)
	}
	if code, field := refusal(t, call()); code != 496 || field != "proxy" {
		t.Errorf("code %d on %q, want 496 on proxy", code, field)
	}
	if text := log.String(); strings.Contains(text, "level=ERROR") || !strings.Contains(text, "code=127 error=INSUFFICIENT_MONEY fault=poor") {
		t.Errorf("log:\n%s", text)
	}
}

func TestRulesAreCheckedAgainstTheSpecification(t *testing.T) {
	s := newServer(t)
	for _, method := range specification(t).Methods() {
		put(t, s, fault.Rule{Name: method.Name, When: fault.When{Method: method.Name, Parameters: map[string]string{"account_id": "1"}}, Then: unavailable})
		for _, name := range method.Errors {
			put(t, s, fault.Rule{Name: method.Name, When: fault.When{Method: method.Name}, Then: fault.Do(fault.APIError(name))})
		}
	}
	for _, rule := range []fault.Rule{
		{Name: "rule", When: fault.When{Method: "GetCallHistory"}, Then: unavailable},
		{Name: "rule", When: fault.When{Method: "Get*", Parameters: map[string]string{"outbound": "*"}}, Then: unavailable},
		{Name: "rule", Then: fault.Do(fault.APIError("INSUFFICIENT_FUNDS"))},
	} {
		if err := s.Faults().Put(rule); err == nil {
			t.Errorf("armed: %+v", rule)
		}
	}
}

func TestFaultsSelectCallsHoweverTheyAreWritten(t *testing.T) {
	const method = "CreateSipRegistration"
	for _, f := range forms() {
		s := newServer(t)
		p := apiKey(exampleOf(t, method))
		put(t, s, fault.Rule{Name: "rule", Then: unavailable, When: fault.When{
			Method: method, Account: 1, Parameters: map[string]string{"proxy": p.Get("proxy")},
		}})
		recorder := httptest.NewRecorder()
		s.Handler().ServeHTTP(recorder, f.make(t, method, p))
		if recorder.Code != http.StatusServiceUnavailable {
			t.Errorf("%s: status %d", f.name, recorder.Code)
		}
	}
}

func TestFaultsSelectByWhomTheCallerClaimsToBe(t *testing.T) {
	token := func(iss any) *http.Request { return bearer(sign(t, jwt.MapClaims{"iss": iss}, "owner-key")) }
	named := func(parameter, value string) *http.Request {
		return forms()[0].make(t, "GetSipRegistrations", url.Values{parameter: {value}, "api_key": {"demo-key"}})
	}
	for name, c := range map[string]struct {
		request *http.Request
		when    fault.When
		want    bool
	}{
		"id":                  {named("account_id", "1"), fault.When{Account: 1}, true},
		"name":                {named("account_name", "demo"), fault.When{Account: 1}, true},
		"e-mail":              {named("account_email", "demo@example.com"), fault.When{Account: 1}, true},
		"another id":          {named("account_id", "2"), fault.When{Account: 1}, false},
		"unknown name":        {named("account_name", "nobody"), fault.When{Account: 1}, false},
		"issuer":              {token(1), fault.When{Account: 1}, true},
		"issuer as a text":    {token("1"), fault.When{Account: 1}, true},
		"another issuer":      {token(2), fault.When{Account: 1}, false},
		"key":                 {token(1), fault.When{Key: "owner-key"}, true},
		"another key":         {token(1), fault.When{Key: "admin-key"}, false},
		"no key":              {named("account_id", "1"), fault.When{Key: "*-key"}, false},
		"broken token":        {bearer("x.y"), fault.When{Account: 1}, false},
		"broken token, any":   {bearer("x.y"), fault.When{}, true},
		"encoding":            {named("account_id", "1"), fault.When{Encoding: "query"}, true},
		"another encoding":    {named("account_id", "1"), fault.When{Encoding: "multipart"}, false},
		"unreadable, any":     {httptest.NewRequest("GET", "/platform_api/GetSipRegistrations?a=%zz", nil), fault.When{}, true},
		"an unknown method":   {get("Nothing", url.Values{}), fault.When{}, true},
		"no such header":      {named("account_id", "1"), fault.When{Headers: map[string]string{"X-Test": "*"}}, false},
		"unreadable, by name": {httptest.NewRequest("GET", "/platform_api/GetSipRegistrations?a=%zz", nil), fault.When{Method: "Get*"}, true},
	} {
		s := newServer(t)
		put(t, s, fault.Rule{Name: "rule", When: c.when, Then: unavailable})
		recorder := httptest.NewRecorder()
		s.Handler().ServeHTTP(recorder, c.request)
		if got := recorder.Code == http.StatusServiceUnavailable; got != c.want {
			t.Errorf("%s: broken: %v, want %v", name, got, c.want)
		}
	}
}

func TestTheControlAPIIsNeverSubjectToFaults(t *testing.T) {
	s := newServer(t)
	put(t, s, fault.Rule{Name: "everything", Then: fault.Do(fault.Reset{})})
	for _, target := range []string{"/_voxemu/health", "/_voxemu/ca.pem", "/openapi.yaml"} {
		recorder := httptest.NewRecorder()
		s.Handler().ServeHTTP(recorder, httptest.NewRequest("GET", target, nil))
		if recorder.Code != http.StatusOK {
			t.Errorf("%s: status %d", target, recorder.Code)
		}
	}
	if seen := s.Faults().Rules()[0].Seen; seen != 0 {
		t.Errorf("%d calls of the control API were counted", seen)
	}
}

func TestClosingTheServerEndsCallsThatHang(t *testing.T) {
	for _, secure := range []bool{false, true} {
		s := listening(t)
		put(t, s, fault.Rule{Name: "hang", Then: fault.Do(fault.Hang{})})
		browser, base := client(t, s, secure)
		ended := make(chan error)
		go func() {
			// An unread body must not keep the server from noticing that the client
			// disconnects.
			reply, err := browser.Post(base+list, "text/plain", strings.NewReader(strings.Repeat("x", 1000)))
			if err == nil {
				_, err = io.ReadAll(reply.Body)
				reply.Body.Close()
			}
			ended <- err
		}()
		for s.Faults().Rules()[0].Hits == 0 { // until the request hangs
			runtime.Gosched()
		}
		if err := s.Close(context.Background()); err != nil {
			t.Error(err)
		}
		if err := <-ended; err == nil {
			t.Errorf("secure=%v: answered", secure)
		}
	}
}

func TestTheJournalKnowsWhichFaultTookACallAndWhatWasSent(t *testing.T) {
	for name, c := range map[string]struct {
		rule fault.Rule
		want journal.Request
	}{
		"an invented error": {
			fault.Rule{Then: fault.Do(fault.APIError("INSUFFICIENT_MONEY"))},
			journal.Request{Status: 200, API: journal.API{Code: 127, Error: "INSUFFICIENT_MONEY"}},
		},
		"another status": {
			fault.Rule{Then: fault.Do(fault.HTTP{Status: 503, Body: "no"})},
			journal.Request{Status: 503, ReplyBytes: 2},
		},
		"a lost answer": {
			fault.Rule{Then: fault.Do(fault.Reset{}), After: true},
			journal.Request{AccountID: 1, Aborted: journal.AbortedByFault},
		},
	} {
		s := newServer(t)
		c.rule.Name = "rule"
		put(t, s, c.rule)
		func() {
			defer func() { _ = recover() }() // as net/http does
			s.Handler().ServeHTTP(httptest.NewRecorder(), get("DeleteSipRegistration", apiKey(url.Values{"sip_registration_id": {"1"}})))
		}()
		requests := s.Journal().Find(journal.Filter{})
		if len(requests) != 1 {
			t.Fatalf("%s: %d requests", name, len(requests))
		}
		got := requests[0]
		if got.Fault != "rule" || got.Status != c.want.Status || got.Code != c.want.Code || got.Error != c.want.Error ||
			got.Aborted != c.want.Aborted || c.want.ReplyBytes != 0 && got.ReplyBytes != c.want.ReplyBytes {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
