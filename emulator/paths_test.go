package emulator_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/journal"
)

// asIs sends a request whose path is not cleaned.
func asIs(s *emulator.Server, verb, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Method, r.URL = verb, &url.URL{Path: path}
	r.RequestURI = path
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w
}

// A request that no route takes is a mistake of its client, apart from what browsers and
// probes ask for by themselves.
func TestRequestsThatNothingServesAreMistakesInTheJournal(t *testing.T) {
	for _, c := range []struct {
		verb, path string
		noted      string // the parameter of the mistake; "": none
	}{
		{"GET", "//platform_api/GetSipRegistrations", "path"},
		{"GET", "/platform_api//GetSipRegistrations", "path"},
		{"GET", "/platform_api/GetSipRegistrations/y", "path"},
		{"GET", "/platform_api/./GetSipRegistrations", "path"},
		{"GET", "/platform_api/../GetSipRegistrations", "path"},
		{"GET", "/PLATFORM_API/GetSipRegistrations", "path"},
		{"GET", "/platform_apis/GetSipRegistrations", "path"},
		{"POST", "/api/GetSipRegistrations", "path"},
		{"GET", "/nothing", "path"},
		{"GET", "/_voxemux", "path"},
		{"GET", "/openapi.yamlx", "path"},
		{"GET", "/openapi.yaml/x", "path"},
		{"GET", "/a/b", "path"},
		{"DELETE", "/platform_api/DeleteSipRegistration", "verb"},
		{"PATCH", "/platform_api/UpdateSipRegistration", "verb"},
		{"OPTIONS", "/platform_api/GetSipRegistrations", "verb"},
		{"HEAD", "/platform_api/GetSipRegistrations", "verb"},
		{"TRACE", "/platform_api", "verb"},
		{"FOO", "/platform_api/GetSipRegistrations/", "verb"},
		{"CONNECT", "/platform_api/", "verb"},
		{"GET", "/", ""}, {"HEAD", "/", ""}, {"GET", "/favicon.ico", ""}, {"GET", "/robots.txt", ""}, {"GET", "/openapi.yaml", ""},
		{"GET", "/_voxemu/", ""}, {"GET", "/_voxemu/nothing", ""}, {"DELETE", "/_voxemu/health", ""},
	} {
		s := newServer(t, emulator.WithScenario("demo"))
		asIs(s, c.verb, c.path)
		found := s.Journal().Find(journal.Filter{Mistake: journal.AnyMistake})
		switch {
		case c.noted == "" && len(s.Journal().Find(journal.Filter{})) > 0:
			t.Errorf("%s %s is in the journal", c.verb, c.path)
		case c.noted != "" && (len(found) != 1 || len(found[0].Mistakes) != 1 || found[0].Mistakes[0].Parameter != c.noted || found[0].Verb != c.verb):
			t.Errorf("%s %s: %+v, want a mistake of the %s", c.verb, c.path, found, c.noted)
		case c.noted != "" && found[0].Method != "": // it is no request of the method
			t.Errorf("%s %s: method %q", c.verb, c.path, found[0].Method)
		case c.noted != "" && !strings.Contains(found[0].String(), c.verb+" "+c.path):
			t.Errorf("%s %s is called %q", c.verb, c.path, found[0])
		}
	}
}

func TestAPathInTheJournalHoldsNoSecret(t *testing.T) {
	s := newServer(t, emulator.WithScenario("demo"))
	asIs(s, "GET", `/elsewhere/{"api_key": "hunter2"}`)
	found := s.Journal().Find(journal.Filter{})
	if len(found) != 1 || strings.Contains(found[0].Reply+found[0].Method+found[0].Mistakes[0].Allowed, "hunter2") {
		t.Errorf("%+v", found)
	}
}
