package emulator_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/vox"
)

// What pages of other origins can make a browser send changes nothing, on any verb.
func TestTheAPIRefusesWhatPagesOfOtherOriginsSend(t *testing.T) {
	for why, page := range map[string]struct {
		verb   string
		header []string
		want   int
	}{
		"an image":                        {"GET", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors", "Sec-Fetch-Dest", "image"}, 403},
		"an image of another port":        {"GET", []string{"Sec-Fetch-Site", "same-site", "Sec-Fetch-Mode", "no-cors", "Sec-Fetch-Dest", "image"}, 403},
		"a link":                          {"GET", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-User", "?1"}, 403},
		"a link of another port":          {"GET", []string{"Sec-Fetch-Site", "same-site", "Sec-Fetch-Mode", "navigate"}, 403},
		"a form":                          {"POST", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Origin", "https://evil.example"}, 403},
		"a form in a sandbox":             {"POST", []string{"Sec-Fetch-Site", "cross-site", "Origin", "null"}, 403},
		"fetch":                           {"GET", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "cors", "Origin", "https://evil.example"}, 403},
		"fetch with PUT":                  {"PUT", []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"}, 403},
		"fetch of an old browser":         {"GET", []string{"Origin", "https://evil.example"}, 403},
		"a form of an old browser":        {"POST", []string{"Origin", "http://localhost:3000"}, 403},
		"a file of an old browser":        {"POST", []string{"Origin", "null"}, 403},
		"a value that is not known":       {"GET", []string{"Sec-Fetch-Site", "elsewhere"}, 403},
		"a page of the emulator":          {"POST", []string{"Sec-Fetch-Site", "same-origin", "Origin", "http://localhost:15060"}, 200},
		"a page of the emulator, image":   {"GET", []string{"Sec-Fetch-Site", "same-origin"}, 200},
		"a page of it in an old browser":  {"POST", []string{"Origin", "http://localhost:15060"}, 200},
		"the address bar":                 {"GET", []string{"Sec-Fetch-Site", "none", "Sec-Fetch-Mode", "navigate"}, 200},
		"a client that is not a browser":  {"GET", nil, 200},
		"another client, with a referrer": {"POST", []string{"Referer", "https://evil.example/"}, 200},
	} {
		for _, path := range []string{"/platform_api/DeleteSipRegistration", "/platform_api/?cmd=DeleteSipRegistration", "/DeleteSipRegistration"} {
			s := newServer(t)
			got := browse(s.Handler(), page.verb, path, page.header...)
			deleted := len(rows(t, s)) < 4
			does := page.want == 200 && path != "/DeleteSipRegistration" // answered with an error of the API
			if got.Code != page.want || deleted != does {
				t.Errorf("%s, %s: status %d, deleted: %t, want %d", why, path, got.Code, deleted, page.want)
			}
			if got.Code == 403 && (!strings.Contains(got.Body.String(), "--allow-origin") || got.Header().Get("Access-Control-Allow-Origin") != "") {
				t.Errorf("%s: %v %s", why, got.Header(), got.Body)
			}
		}
	}
}

func TestAnAllowedOriginUsesTheAPIAndNoOtherOneDoes(t *testing.T) {
	const page = "http://localhost:3000"
	s := newServer(t, emulator.WithAllowOrigin("https://app.test", page))
	preflight := []string{"Access-Control-Request-Method", "PUT", "Access-Control-Request-Headers", "authorization,content-type"}
	for _, c := range []struct {
		verb, path, origin string
		header             []string
		status             int
		allowed            string
	}{
		{"GET", "/platform_api/GetSipRegistrations", page, []string{"Sec-Fetch-Site", "same-site"}, 200, page},
		{"POST", "/platform_api/GetSipRegistrations", "https://app.test", []string{"Sec-Fetch-Site", "cross-site"}, 200, "https://app.test"},
		{"OPTIONS", "/platform_api/GetSipRegistrations", page, preflight, 204, page},
		{"GET", "/platform_api/GetSipRegistrations", "http://localhost:3001", []string{"Sec-Fetch-Site", "same-site"}, 403, ""},
		{"OPTIONS", "/platform_api/GetSipRegistrations", "http://localhost:3001", preflight, 403, ""},
		{"GET", "/platform_api/GetSipRegistrations", "", []string{"Sec-Fetch-Site", "same-site"}, 403, ""}, // an image of a page with any origin
		{"GET", "/platform_api/GetSipRegistrations", "", nil, 200, ""},
	} {
		header := c.header
		if c.origin != "" {
			header = append([]string{"Origin", c.origin}, header...)
		}
		got := browse(s.Handler(), c.verb, c.path, header...)
		if allowed := got.Header().Get("Access-Control-Allow-Origin"); got.Code != c.status || allowed != c.allowed || got.Header().Get("Vary") != "Origin" {
			t.Errorf("%s of %q: %d, allowed %q, Vary %q", c.verb, c.origin, got.Code, allowed, got.Header().Get("Vary"))
		}
		if c.status == 204 && (!strings.Contains(got.Header().Get("Access-Control-Allow-Methods"), "PUT") || got.Header().Get("Access-Control-Allow-Headers") != "authorization,content-type") {
			t.Errorf("preflight: %v", got.Header())
		}
	}
	if got := browse(s.Handler(), "GET", "/_voxemu/health", "Origin", page); got.Header().Get("Access-Control-Allow-Origin") != "" {
		t.Error("the control API is open to the origin")
	}
}

// rows returns the registrations.
func rows(t *testing.T, s *emulator.Server) []vox.Registration {
	t.Helper()
	state, err := s.State()
	if err != nil {
		t.Fatal(err)
	}
	return state.Registrations
}

// browse sends a request as a browser does, with credentials of the demo scenario.
func browse(handler http.Handler, verb, path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(verb, path, nil)
	query := r.URL.Query()
	for name, value := range map[string]string{"account_id": "1", "api_key": "demo-key", "sip_registration_id": "1"} {
		query.Set(name, value)
	}
	r.URL.RawQuery = query.Encode()
	r.Host = "localhost:15060"
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w
}
