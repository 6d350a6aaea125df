// Package control is the back door: what only a test or a developer may do,
// under /_voxemu. Faults and API authentication do not apply to it.
package control

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"

	"github.com/gorilla/mux"
)

// ErrNotFound answers 404; the text beside it says what was looked for.
var ErrNotFound = errors.New("not found")

// Door serves the back door. Each field does one thing; all are required.
type Door struct {
	// Health describes the running emulator, as JSON.
	Health func() any
	// Reset goes back to the scenarios loaded last.
	Reset func() error
	// Credentials gives a key's credentials.json; unknown: ErrNotFound.
	Credentials func(keyID string) (any, error)
	// CA is the certificate of the authority behind HTTPS, PEM.
	CA func() ([]byte, error)
	// Spec is openapi.yaml.
	Spec []byte
	// SpecURL is the server URL in Spec, replaced by the caller's own.
	SpecURL string
}

// Routes adds the door's paths.
func (d *Door) Routes(r *mux.Router) {
	r.HandleFunc("/openapi.yaml", d.spec).Methods(http.MethodGet)
	r.HandleFunc("/_voxemu/health", d.health).Methods(http.MethodGet)
	r.HandleFunc("/_voxemu/reset", d.reset).Methods(http.MethodPost)
	r.HandleFunc("/_voxemu/keys/{id}/credentials", d.credentials).Methods(http.MethodGet)
	r.HandleFunc("/_voxemu/ca.pem", d.ca).Methods(http.MethodGet)
}

func (d *Door) health(w http.ResponseWriter, _ *http.Request) { answer(w, d.Health(), nil) }

func (d *Door) reset(w http.ResponseWriter, _ *http.Request) {
	answer(w, map[string]string{"status": "ok"}, d.Reset())
}

func (d *Door) credentials(w http.ResponseWriter, r *http.Request) {
	found, err := d.Credentials(mux.Vars(r)["id"])
	answer(w, found, err)
}

func (d *Door) ca(w http.ResponseWriter, _ *http.Request) {
	pem, err := d.CA()
	if err != nil {
		answer(w, nil, err)
		return
	}
	w.Header().Set("Content-Type", "application/x-pem-file")
	_, _ = w.Write(pem)
}

// spec serves openapi.yaml with the address that the caller used, so that
// generated clients and consoles come back here and not to a bind address.
func (d *Door) spec(w http.ResponseWriter, r *http.Request) {
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	text := strings.Replace(string(d.Spec), "url: "+d.SpecURL, "url: "+strconv.Quote(scheme+r.Host), 1)
	w.Header().Set("Content-Type", "application/yaml")
	_, _ = w.Write([]byte(text))
}

// answer writes JSON: the value, or {"error": …} with 404 or 500.
func answer(w http.ResponseWriter, value any, err error) {
	status := http.StatusOK
	switch {
	case errors.Is(err, ErrNotFound):
		status, value = http.StatusNotFound, map[string]string{"error": err.Error()}
	case err != nil:
		status, value = http.StatusInternalServerError, map[string]string{"error": err.Error()}
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	_ = encoder.Encode(value) // fails only when the caller is gone
}

// Guard refuses, on the back door, what a web page could send: cross-origin
// requests, and requests for a foreign host (DNS rebinding) unless exposed.
func Guard(next http.Handler, exposed bool) http.Handler {
	origin := http.NewCrossOriginProtection().Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !strings.HasPrefix(r.URL.Path, "/_voxemu"):
			next.ServeHTTP(w, r)
		case !exposed && !loopback(r.Host):
			http.Error(w, "the control door answers loopback host names only; start with --expose to allow others", http.StatusForbidden)
		default:
			origin.ServeHTTP(w, r)
		}
	})
}

// loopback reports whether a Host header names this machine.
func loopback(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.Trim(hostport, "[]")
	}
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
