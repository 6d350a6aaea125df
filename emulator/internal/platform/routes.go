package platform

import (
	"errors"
	"net/http"
	"strings"

	"github.com/gorilla/mux"

	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/internal/requestlog"
	"github.com/voxemu/voxemu/emulator/journal"
)

// Names of routes, by their purpose.
const (
	callPath = "call"
	barePath = "bare"
)

// paths matches the API's paths. No form of a path redirects, because SDKs would repeat a
// POST as GET. The most frequent form is first, since mux tries them in order. Compiling
// the routes costs more than a request, so servers share them, and ServeHTTP dispatches
// by name.
func paths(c *contract.Contract, endpoints map[string]endpoint) *mux.Router {
	router := mux.NewRouter()
	for _, path := range []string{"/platform_api/{method}", "/platform_api/{method}/", "/platform_api/", "/platform_api"} {
		router.Path(path).Methods(c.Verbs()...).Name(callPath)
	}
	router.Path("/{method}").Methods(c.Verbs()...).Name(barePath).MatcherFunc(func(r *http.Request, _ *mux.RouteMatch) bool {
		name := r.URL.Path[1:]
		_, emulated := endpoints[name]
		return emulated || c.NotEmulated(name)
	})
	return router
}

// ServeHTTP handles all requests to the API.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !h.admitPage(w, r) {
		return
	}
	var match mux.RouteMatch
	switch found := h.methods.paths.Match(r, &match); {
	case found && match.Route.GetName() == callPath:
		h.serveCall(w, r, match.Vars["method"], false)
	case found:
		h.serveCall(w, r, match.Vars["method"], true)
	case errors.Is(match.MatchErr, mux.ErrMethodMismatch), r.URL.Path == "/platform_api": // there mux loses the error
		w.Header().Set("Allow", "GET, POST, PUT")
		h.refuse(w, r, http.StatusMethodNotAllowed, func(string) string { return "the API answers GET, POST and PUT" }, journal.ParameterMistake{Parameter: "verb", Allowed: "GET, POST or PUT"})
	default:
		h.refuse(w, r, http.StatusNotFound, h.NotFound, journal.ParameterMistake{Parameter: "path", Allowed: "/platform_api/METHOD, found " + shownPath(r.URL.Path)})
	}
}

// probed are paths that browsers and probes ask for by themselves, and those of the control
// API, which can be on another listener.
func probed(asked string) bool {
	switch asked {
	case "/", "/favicon.ico", "/robots.txt", "/openapi.yaml":
		return true
	}
	return strings.HasPrefix(asked, "/_voxemu/") || asked == "/_voxemu"
}

// refuse answers a request that no route takes. It is in the journal with a mistake, unless
// it is a probe.
func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, status int, text func(path string) string, mistake journal.ParameterMistake) {
	if !probed(r.URL.Path) {
		recording := h.Journal.Open(journal.APIRequest, h.Clock.Now())
		recording.From(r.Host, r.Proto, r.UserAgent())
		recording.Verb, recording.TLS, recording.Unidentified = requestlog.Name(r.Method), r.TLS != nil, true
		recording.Path = shownPath(r.URL.Path)
		if mistake.Parameter == "verb" {
			mistake.Allowed += ", found " + recording.Verb
		}
		recording.Mistakes = []journal.ParameterMistake{mistake}
		recording.Replied(status, "text/plain; charset=utf-8", []byte(text(recording.Path)+"\n"))
		recording.Close(h.Clock.Now())
	}
	http.Error(w, text(r.URL.Path), status)
}

// longestPath is the maximum number of bytes of a path in a mistake.
const longestPath = 200

// shownPath returns a path with parts that cannot be names masked.
func shownPath(text string) string {
	parts := strings.Split(text[:min(len(text), longestPath)], "/")
	for i, part := range parts {
		parts[i] = requestlog.Name(part)
	}
	return strings.Join(parts, "/")
}
