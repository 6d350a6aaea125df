package platform

import (
	"errors"
	"net/http"

	"github.com/gorilla/mux"

	"github.com/voxemu/voxemu/emulator/internal/contract"
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
	case errors.Is(match.MatchErr, mux.ErrMethodMismatch):
		w.Header().Set("Allow", "GET, POST, PUT")
		http.Error(w, "the API answers GET, POST and PUT", http.StatusMethodNotAllowed)
	default:
		h.NotFound(w, r)
	}
}
