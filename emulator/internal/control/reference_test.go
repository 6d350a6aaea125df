package control_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/voxemu/voxemu/emulator"
)

// The content security policy must not allow other servers.
func TestTheReferenceLoadsNothingFromElsewhere(t *testing.T) {
	handler := serve(t, false, emulator.WithControlToken("secret"))
	for _, file := range []string{"", "index.html", "reference.js", "scalar.js"} {
		got := request(handler, "GET /_voxemu/docs/"+file, "")
		if file == "index.html" { // http.FileServer redirects it to the folder
			if got.Code != http.StatusMovedPermanently {
				t.Errorf("index.html: %d", got.Code)
			}
			continue
		}
		policy := got.Header().Get("Content-Security-Policy")
		if got.Code != 200 || !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "connect-src 'self'") {
			t.Errorf("%q: %d, policy %q", file, got.Code, policy)
		}
		if strings.Contains(policy, "http") || strings.Contains(policy, "*") {
			t.Errorf("%q: the policy allows other servers: %s", file, policy)
		}
	}
}

func TestAProgramWithoutTheReferenceSaysWhereItIs(t *testing.T) {
	handler := serve(t, false, emulator.WithAPIDocs(""))
	for _, file := range []string{"", "scalar.js", "reference.js"} {
		got := request(handler, "GET /_voxemu/docs/"+file, "")
		if got.Code != http.StatusNotFound || !strings.Contains(got.Body.String(), "voxemu serve") {
			t.Errorf("%q: %d %s", file, got.Code, got.Body)
		}
	}
}

func TestTheReferenceScriptIsTheSameWithAndWithoutGzip(t *testing.T) {
	handler := serve(t, false)
	plain := request(handler, "GET /_voxemu/docs/scalar.js", "")
	r := httptest.NewRequest("GET", "/_voxemu/docs/scalar.js", nil)
	r.Host = "localhost"
	r.Header.Set("Accept-Encoding", "br, gzip")
	packed := httptest.NewRecorder()
	handler.ServeHTTP(packed, r)
	if got := packed.Header().Get("Content-Encoding"); got != "gzip" {
		t.Fatalf("Content-Encoding %q", got)
	}
	reader, err := gzip.NewReader(packed.Body)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(reader)
	if err != nil || string(text) != plain.Body.String() || !strings.Contains(string(text), "createApiReference") {
		t.Errorf("%d and %d bytes, %v", len(text), plain.Body.Len(), err)
	}
}
