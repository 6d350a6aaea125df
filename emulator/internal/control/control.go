// Package control is the HTTP of the control API: what only a tester may do, under
// /_voxemu. Faults, API authentication and the API's journal do not apply to it.
//
// openapi.yaml in this folder describes it, and routes.go lists it. A handler
// reads its input, asks package lab, the journal or the faults, and gives the
// reply; problem.go maps errors to HTTP statuses. The start is refused when list
// and description differ; a test holds every reply against the description.
package control

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"
	"sync"

	"github.com/gorilla/mux"

	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/internal/inject"
	"github.com/voxemu/voxemu/emulator/internal/lab"
	"github.com/voxemu/voxemu/emulator/internal/requestlog"
)

// Prefix is where the control API is.
const Prefix = "/_voxemu"

// Config is what the control API serves; everything but Shutdown and Token is
// required.
type Config struct {
	Lab      *lab.Lab
	Journal  *requestlog.Log
	Faults   *inject.Engine
	Contract *contract.Contract
	// Version is the emulator's.
	Version string
	// Settings are how the server was started.
	Settings Settings
	// Listeners gives the URLs of the open listeners: http, https and control.
	Listeners func() map[string]string
	// CA gives the certificate of the authority behind HTTPS, PEM.
	CA func() ([]byte, error)
	// Shutdown asks the process to stop, without waiting; nil: it may not.
	Shutdown func()
	// Token is what a request must carry as a bearer token, except to
	// /_voxemu/health and /_voxemu/docs/; empty: nothing.
	Token string
}

// API serves the control API.
type API struct {
	Config
	requests requestCounts
	handler  func() http.Handler
}

// New makes the control API of one server. Its router is made for the first
// request: most servers of a test suite never get one.
func New(config Config) *API {
	a := &API{Config: config}
	a.handler = sync.OnceValue(a.router)
	return a
}

// ServeHTTP serves everything under [Prefix] and /openapi.yaml.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.handler().ServeHTTP(w, r) }

func (a *API) router() http.Handler {
	list := a.routes()
	if err := compare(list, operations(specification)); err != nil {
		panic(err) // a constant of the program, which tests try
	}
	router := mux.NewRouter().SkipClean(true)
	for _, route := range list {
		router.HandleFunc(route.path, route.handler).Methods(route.verb)
	}
	router.NotFoundHandler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { notFound(w, r, list) })
	router.MethodNotAllowedHandler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { wrongVerb(w, r, router, list) })
	return a.authenticate(router)
}

// authenticate asks for the token. Health needs none, so that whoever starts an
// emulator can wait for it; nor does the page of the reference, which a browser asks
// for without one.
func (a *API) authenticate(next http.Handler) http.Handler {
	if a.Token == "" {
		return next
	}
	want := sha256.Sum256([]byte(a.Token)) // of equal length, so that comparing takes the same time
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		got := sha256.Sum256([]byte(strings.TrimSpace(token)))
		right := strings.EqualFold(scheme, "Bearer") && subtle.ConstantTimeCompare(got[:], want[:]) == 1
		open := !under(r.URL.Path) || r.URL.Path == Prefix+"/health" || strings.HasPrefix(r.URL.Path, Prefix+"/docs/")
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

// under reports whether a path is the control API's.
func under(path string) bool { return path == Prefix || strings.HasPrefix(path, Prefix+"/") }

// compare lists routes and operations that have no counterpart.
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
