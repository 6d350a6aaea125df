package control

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/gorilla/mux"
)

// notFound replies to an unknown path with the most similar known one. If the control API
// has its own listener, the API's paths arrive here too.
func notFound(w http.ResponseWriter, r *http.Request, list []route) {
	if !under(r.URL.Path) {
		fail(w, &Problem{
			Status:  http.StatusNotFound,
			Message: fmt.Sprintf("this listener is the control API's, all of it under %s, and has nothing at %s; the API is at the addresses that the ready line names as http= and https=", Prefix, r.URL.Path),
		})
		return
	}
	near := nearest(r.URL.Path, list)
	fail(w, &Problem{
		Status: http.StatusNotFound, Allowed: []string{near},
		Message: fmt.Sprintf("the control API has nothing at %s; did you mean %s? All of it is described at %s/openapi.yaml", r.URL.Path, near, Prefix),
	})
}

// wrongVerb replies with the verbs that the path supports.
func wrongVerb(w http.ResponseWriter, r *http.Request, router *mux.Router, list []route) {
	var allowed []string
	for _, route := range list {
		asked := &http.Request{Method: route.verb, URL: r.URL, Host: r.Host, Header: http.Header{}}
		var match mux.RouteMatch // mux also matches routes with another verb, with an error
		if !slices.Contains(allowed, route.verb) && router.Match(asked, &match) && match.MatchErr == nil {
			allowed = append(allowed, verbsOf(route.verb)...)
		}
	}
	slices.Sort(allowed)
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	fail(w, &Problem{
		Status: http.StatusMethodNotAllowed, Allowed: allowed,
		Message: fmt.Sprintf("%s takes %s, not %s", r.URL.Path, inWords(allowed), r.Method),
	})
}

// longestPath is the maximum number of bytes of a path that is compared.
const longestPath = 200

// nearest returns the path with the fewest differing characters; a segment in braces
// equals any segment.
func nearest(path string, list []route) string {
	path = path[:min(len(path), longestPath)]
	best, fewest := "", -1
	for _, route := range list {
		if n := levenshtein.ComputeDistance(path, filled(route.path, path)); fewest < 0 || n < fewest {
			best, fewest = route.path, n
		}
	}
	return best
}

// filled returns a route's path with its braces replaced by the segments of the request.
func filled(pattern, path string) string {
	segments, given := strings.Split(pattern, "/"), strings.Split(path, "/")
	for i, segment := range segments {
		if strings.HasPrefix(segment, "{") && i < len(given) && given[i] != "" {
			segments[i] = given[i]
		}
	}
	return strings.Join(segments, "/")
}
