// Package control is the back door: what only a test or a developer may do,
// under /_voxemu. Faults, API authentication and the API's journal do not apply
// to it.
//
// openapi.yaml in this folder describes it, routes.go lists it, and each room
// has a file with the functions it needs from the emulator, the shapes of its
// requests and answers, and its handlers. The start is refused when list and
// description differ; a test holds every answer against the description.
package control

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"

	"github.com/gorilla/mux"
)

// Prefix is where the door is.
const Prefix = "/_voxemu"

// Door serves the back door. Each room holds the functions that its routes
// need; a route whose function is nil does not exist.
type Door struct {
	Process       Process
	State         State
	Scenarios     Scenarios
	Snapshots     Snapshots
	Clock         Clock
	Accounts      Accounts
	Registrations Registrations
	Callbacks     Callbacks
	Requests      Requests
	Faults        Faults
	Events        Events
	Specification Specification

	// Done gives a channel that is closed when the emulator stops: whoever waits
	// or listens then is let go. nil: it never stops.
	Done func() <-chan struct{}
	// Token is what a request must carry as a bearer token, except to
	// /_voxemu/health; empty: nothing.
	Token string
}

// Handler serves everything under [Prefix] and /openapi.yaml. The error lists
// every route that openapi.yaml does not describe, and every operation there
// that has no route.
func (d *Door) Handler() (http.Handler, error) {
	list := d.routes()
	if err := compare(list, operations(specification)); err != nil {
		return nil, err
	}
	router := mux.NewRouter().SkipClean(true)
	var open []route
	for _, route := range list {
		if route.available {
			router.HandleFunc(route.path, route.handler).Methods(route.verb)
			open = append(open, route)
		}
	}
	router.NotFoundHandler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { notFound(w, r, open) })
	router.MethodNotAllowedHandler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { wrongVerb(w, r, router, open) })
	return d.authenticate(d.letGo(router)), nil
}

// letGo ends the context of requests when the emulator stops.
func (d *Door) letGo(next http.Handler) http.Handler {
	if d.Done == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		done := d.Done()
		go func() {
			select {
			case <-done:
				cancel()
			case <-ctx.Done():
			}
		}()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// authenticate asks for the token. Health needs none, so that whoever starts an
// emulator can wait for it.
func (d *Door) authenticate(next http.Handler) http.Handler {
	if d.Token == "" {
		return next
	}
	want := sha256.Sum256([]byte(d.Token)) // of equal length, so that comparing takes the same time
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		got := sha256.Sum256([]byte(strings.TrimSpace(token)))
		right := strings.EqualFold(scheme, "Bearer") && subtle.ConstantTimeCompare(got[:], want[:]) == 1
		if !right && under(r.URL.Path) && r.URL.Path != Prefix+"/health" {
			w.Header().Set("WWW-Authenticate", `Bearer realm="voxemu"`)
			fail(w, &Problem{
				Status: http.StatusUnauthorized, Parameter: "Authorization",
				Message: "the control door asks for the token it was started with, as Authorization: Bearer TOKEN (VOXEMU_CONTROL_TOKEN for voxemu's commands)",
			})
			return
		}
		next.ServeHTTP(w, r)
	})
}

// under reports whether a path is the door's.
func under(path string) bool { return path == Prefix || strings.HasPrefix(path, Prefix+"/") }

// compare complains about routes and operations that have no counterpart.
func compare(list []route, described []operation) error {
	have, want := map[operation]bool{}, map[operation]bool{}
	for _, r := range list {
		have[operation{r.verb, r.path, r.operation}] = true
	}
	var complaints []error
	for _, o := range described {
		want[o] = true
		if !have[o] {
			complaints = append(complaints, errors.New("control/openapi.yaml describes "+o.String()+", which routes.go lacks"))
		}
	}
	for _, r := range list {
		if o := (operation{r.verb, r.path, r.operation}); !want[o] {
			complaints = append(complaints, errors.New("routes.go has "+o.String()+", which control/openapi.yaml lacks"))
		}
	}
	return errors.Join(complaints...)
}
