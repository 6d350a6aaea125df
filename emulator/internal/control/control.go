// Package control is the HTTP layer of the control API under /_voxemu. Faults,
// authentication of the API and the API's journal do not apply to it.
//
// openapi.yaml in this folder describes the control API, and routes.go lists its routes.
// A handler reads the input, calls package lab, the journal or the faults, and returns
// the reply; problem.go maps errors to HTTP statuses. The server does not start if routes
// and openapi.yaml differ; a test validates all replies against it.
package control

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/gorilla/mux"

	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/internal/inject"
	"github.com/voxemu/voxemu/emulator/internal/lab"
	"github.com/voxemu/voxemu/emulator/internal/requestlog"
	"github.com/voxemu/voxemu/emulator/internal/tally"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Prefix is the path of the control API.
const Prefix = "/_voxemu"

// Config configures the control API; all fields except APIDocs, Shutdown and Token are required.
type Config struct {
	Lab      *lab.Lab
	Journal  *requestlog.Log
	Faults   *inject.Engine
	Contract *contract.Contract
	Tally    *tally.Tally
	// Version is the version of the emulator.
	Version string
	// Settings are the settings of the server.
	Settings Settings
	// Listeners returns the URLs of the open listeners http, https and control.
	Listeners func() map[string]string
	// CA returns the certificate of the CA of HTTPS, PEM.
	CA func() ([]byte, error)
	// APIDocs is the compressed script of the page of the descriptions; empty: there is no
	// page.
	APIDocs string
	// Shutdown starts the process's shutdown without waiting for it; nil: not allowed.
	Shutdown func()
	// Token is the bearer token that requests must contain, except those for
	// /_voxemu/health, /_voxemu/docs/ and /_voxemu/console/; empty: none.
	Token string
}

// API serves the control API.
type API struct {
	Config
	requests requestCounts
	saved    atomic.Pointer[vox.Saved]
	readers  chan struct{} // its one place is taken while a scenario is read

	routing sync.Once // guards the creation of handler
	handler http.Handler
}

// New returns the control API of one server. Its router is created on first use, because
// most servers in tests never use it.
func New(config Config) *API {
	return &API{Config: config, readers: make(chan struct{}, 1)}
}

// ServeHTTP serves all paths under [Prefix], and /openapi.yaml.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.routing.Do(func() { a.handler = a.router() })
	a.handler.ServeHTTP(w, r)
}

// verbsOf returns the verbs of a route: probes ask with HEAD whether a GET would succeed,
// and net/http sends no body then.
func verbsOf(verb string) []string {
	if verb == http.MethodGet {
		return []string{http.MethodGet, http.MethodHead}
	}
	return []string{verb}
}

func (a *API) router() http.Handler {
	list := a.routes()
	if err := compare(list, operations(specification)); err != nil {
		panic(err) // cannot happen: tests cover this constant
	}
	router := mux.NewRouter().SkipClean(true)
	for _, route := range list {
		router.HandleFunc(route.path, route.handler).Methods(verbsOf(route.verb)...)
	}
	router.NotFoundHandler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { notFound(w, r, list) })
	router.MethodNotAllowedHandler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { wrongVerb(w, r, router, list) })
	return a.authenticate(router)
}

// authenticate requires the token. It exempts health, which scripts poll while an
// emulator starts, and the pages of the reference and the console, which a browser
// requests without a token.
func (a *API) authenticate(next http.Handler) http.Handler {
	if a.Token == "" {
		return next
	}
	want := sha256.Sum256([]byte(a.Token)) // hashes have equal length, so comparing takes constant time
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		got := sha256.Sum256([]byte(strings.TrimSpace(token)))
		right := strings.EqualFold(scheme, "Bearer") && subtle.ConstantTimeCompare(got[:], want[:]) == 1
		open := !under(r.URL.Path) || r.URL.Path == Prefix+"/health" ||
			strings.HasPrefix(r.URL.Path, Prefix+"/docs/") || strings.HasPrefix(r.URL.Path, consolePath)
		if !right && !open {
			w.Header().Set("WWW-Authenticate", `Bearer realm="voxemu"`)
			fail(w, &Problem{
				Status: http.StatusUnauthorized, Parameter: "Authorization",
				Message: "the control API asks for the token it was started with, as Authorization: Bearer TOKEN (VOXEMU_CONTROL_TOKEN for voxemu's commands)",
			})
			return
		}
		next.ServeHTTP(w, r)
	})
}

// under reports whether a path belongs to the control API.
func under(path string) bool { return path == Prefix || strings.HasPrefix(path, Prefix+"/") }

// compare returns an error that lists routes without an operation in openapi.yaml, and
// operations without a route.
func compare(list []route, described []operation) error {
	have, want := map[operation]bool{}, map[operation]bool{}
	for _, r := range list {
		have[operation{r.verb, r.path, r.operation}] = true
	}
	var mistakes []error
	for _, o := range described {
		want[o] = true
		if !have[o] {
			mistakes = append(mistakes, errors.New("control/openapi.yaml describes "+o.String()+", which routes.go lacks"))
		}
	}
	for _, r := range list {
		if o := (operation{r.verb, r.path, r.operation}); !want[o] {
			mistakes = append(mistakes, errors.New("routes.go has "+o.String()+", which control/openapi.yaml lacks"))
		}
	}
	return errors.Join(mistakes...)
}
