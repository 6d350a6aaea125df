package control_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gorilla/mux"

	"github.com/voxemu/voxemu/emulator/internal/control"
)

// serve makes the door, guarded as the emulator guards it.
func serve(exposed bool) http.Handler {
	door := &control.Door{
		Health: func() any { return map[string]string{"status": "ok"} },
		Reset:  func() error { return errors.New("no scenario") },
		Credentials: func(id string) (any, error) {
			return nil, fmt.Errorf("key %q: %w", id, control.ErrNotFound)
		},
		CA:      func() ([]byte, error) { return []byte("-----BEGIN"), nil },
		Spec:    []byte("servers:\n  - url: http://127.0.0.1:15060\n"),
		SpecURL: "http://127.0.0.1:15060",
	}
	router := mux.NewRouter()
	door.Routes(router)
	return control.Guard(router, exposed)
}

func request(handler http.Handler, verb, target, host string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(verb, target, nil)
	r.Host = host
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w
}

func TestForeignHostHeadersAreRefusedUnlessExposed(t *testing.T) {
	for host, want := range map[string]int{
		"127.0.0.1:15060": 200, "localhost": 200, "LOCALHOST:1": 200, "[::1]:15060": 200, "127.8.8.8": 200,
		"example.com": 403, "127.0.0.1.example.com": 403, "10.0.0.1:15060": 403, "": 403,
	} {
		if got := request(serve(false), "GET", "/_voxemu/health", host).Code; got != want {
			t.Errorf("Host %q: %d, want %d", host, got, want)
		}
		if got := request(serve(true), "GET", "/_voxemu/health", host).Code; got != 200 {
			t.Errorf("Host %q on an exposed server: %d, want 200", host, got)
		}
	}
}

func TestCrossOriginRequestsOfBrowsersAreRefused(t *testing.T) {
	got := request(serve(true), "POST", "/_voxemu/reset", "localhost", "Sec-Fetch-Site", "cross-site")
	if got.Code != http.StatusForbidden {
		t.Errorf("status %d, want 403", got.Code)
	}
}

func TestTheSpecificationNamesTheAddressItWasAskedAt(t *testing.T) {
	got := request(serve(false), "GET", "/openapi.yaml", "emulator.test:8080").Body.String()
	if want := `url: "http://emulator.test:8080"`; !strings.Contains(got, want) {
		t.Errorf("%s lacks %s", got, want)
	}
}

func TestErrorsAreJSONWithTheirStatus(t *testing.T) {
	for target, want := range map[string]int{
		"GET /_voxemu/keys/nobody/credentials": 404,
		"POST /_voxemu/reset":                  500,
	} {
		verb, path, _ := strings.Cut(target, " ")
		got := request(serve(false), verb, path, "localhost")
		if got.Code != want || !strings.Contains(got.Body.String(), `"error"`) {
			t.Errorf("%s: %d %s", target, got.Code, got.Body)
		}
	}
}

func TestTheWrongVerbIsRefused(t *testing.T) {
	if got := request(serve(false), "GET", "/_voxemu/reset", "localhost").Code; got != http.StatusMethodNotAllowed {
		t.Errorf("GET reset: %d, want 405", got)
	}
}
