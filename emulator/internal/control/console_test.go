package control_test

import (
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/voxemu/voxemu/emulator"
)

// consoleText returns the files of the console by name.
func consoleText(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	err := filepath.WalkDir("console", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(name)
		texts[entry.Name()] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

func TestTheConsoleIsSmall(t *testing.T) {
	const limit = 120 << 10
	size := 0
	for _, text := range consoleText(t) {
		size += len(text)
	}
	if size == 0 || size > limit {
		t.Errorf("%d bytes, want at most %d", size, limit)
	}
}

// What could run a text as a script or as a style is not in the page.
func TestTheConsoleSetsTextsOnly(t *testing.T) {
	dangerous := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|\beval\(|new Function|srcdoc|javascript:|(?:src|href)="https?:|<script>|\sstyle=| on[a-z]+="`)
	for name, text := range consoleText(t) {
		for _, found := range dangerous.FindAllString(text, -1) {
			t.Errorf("%s has %q", name, found)
		}
	}
}

func TestTheConsoleLoadsNothingFromElsewhere(t *testing.T) {
	handler := serve(t, false, emulator.WithControlToken("secret"))
	for _, name := range append([]string{""}, names(consoleText(t))...) {
		if name == "index.html" { // redirected to the folder
			continue
		}
		got := request(handler, "GET /_voxemu/console/"+name, "")
		policy := got.Header().Get("Content-Security-Policy")
		if got.Code != http.StatusOK || policy != "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'" {
			t.Errorf("%q: %d, policy %q", name, got.Code, policy)
		}
		if sniff := got.Header().Get("X-Content-Type-Options"); sniff != "nosniff" {
			t.Errorf("%q: X-Content-Type-Options %q", name, sniff)
		}
	}
}

func names(texts map[string]string) []string {
	var list []string
	for name := range texts {
		list = append(list, name)
	}
	return list
}

func TestBrowsersFindTheConsoleAtTheRoot(t *testing.T) {
	const html = "text/html,application/xhtml+xml,*/*;q=0.8"
	on, off := serve(t, false), serve(t, false, emulator.WithConsole(false))
	exposed := serve(t, true, emulator.WithExpose(), emulator.WithControlToken("secret"))
	wanted := serve(t, true, emulator.WithExpose(), emulator.WithControlToken("secret"), emulator.WithConsole(true))
	before := request(off, "GET /", "")
	for _, c := range []struct {
		what, target, accept string
		handler              http.Handler
		found                bool
	}{
		{"a browser", "GET /", html, on, true},
		{"a browser's probe", "HEAD /", html, on, true},
		{"curl", "GET /", "*/*", on, false},
		{"a client", "GET /", "", on, false},
		{"a form", "POST /", html, on, false},
		{"another path", "GET /other", html, on, false},
		{"a browser without console", "GET /", html, off, false},
		{"a browser of another machine", "GET /", html, exposed, false},
		{"a browser of another machine, allowed", "GET /", html, wanted, true},
	} {
		got := request(c.handler, c.target, "", "Accept", c.accept)
		if found := got.Code == http.StatusFound && got.Header().Get("Location") == "/_voxemu/console/"; found != c.found {
			t.Errorf("%s: %d %s", c.what, got.Code, got.Header().Get("Location"))
		}
		if !c.found && c.target == "GET /" && (got.Code != before.Code || got.Body.String() != before.Body.String()) {
			t.Errorf("%s: not as before: %d %s", c.what, got.Code, got.Body)
		}
	}
	for what, handler := range map[string]http.Handler{"off": off, "exposed": exposed} {
		got := request(handler, "GET /_voxemu/console/main.js", "")
		if got.Code != http.StatusNotFound || !strings.Contains(got.Body.String(), "--console") {
			t.Errorf("%s: %d %s", what, got.Code, got.Body)
		}
	}
}

func TestALinkOfAnotherSiteOpensTheConsoleAndNothingElse(t *testing.T) {
	handler := serve(t, false)
	for target, want := range map[string]int{"GET /_voxemu/console/": 200, "GET /_voxemu/docs/": 200, "GET /_voxemu/state": 403, "POST /_voxemu/console/": 403} {
		got := request(handler, target, "", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document")
		if got.Code != want {
			t.Errorf("%s: %d, want %d", target, got.Code, want)
		}
	}
}

func TestTheConsoleIsWhereTheControlAPIIs(t *testing.T) {
	s := listening(t, emulator.WithControlListen("127.0.0.1:0"))
	if want := s.ControlURL() + "/_voxemu/console/"; s.ConsoleURL() != want {
		t.Errorf("ConsoleURL %q, want %q", s.ConsoleURL(), want)
	}
	for base, want := range map[string]int{s.ControlURL(): http.StatusFound, s.URL(): http.StatusNotFound} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Accept", "text/html")
		reply, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = reply.Body.Close()
		if reply.StatusCode != want {
			t.Errorf("%s: %d, want %d", base, reply.StatusCode, want)
		}
	}
	if url := newServer(t, emulator.WithConsole(false)).ConsoleURL(); url != "" {
		t.Errorf("without console: %q", url)
	}
}
