package control

import (
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/voxemu/voxemu/emulator/internal/origin"
)

// Hosts are the Host headers that a listener of the control API accepts. They protect
// against DNS rebinding: a page whose host name leads to this machine has the same origin
// as the emulator.
type Hosts struct {
	// Exposed reports whether other machines can connect to the listener. They may use
	// any name then, or, if some are allowed, those and addresses.
	Exposed bool
	// Allowed are host names in addition to those of loopback, in lower case.
	Allowed []string
}

// accepts reports whether a Host header is accepted.
func (h Hosts) accepts(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.Trim(hostport, "[]")
	}
	host = strings.ToLower(host)
	ip := net.ParseIP(host)
	switch {
	case host == "localhost", ip != nil && ip.IsLoopback(), slices.Contains(h.Allowed, host):
		return true
	case len(h.Allowed) > 0:
		return h.Exposed && ip != nil // an address needs no DNS
	}
	return h.Exposed
}

// Guard refuses requests to the control API that a web page of another site can send:
// cross-origin requests, and requests for a host that is not accepted.
func Guard(next http.Handler, hosts Hosts) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !under(r.URL.Path):
			next.ServeHTTP(w, r)
		case !hosts.accepts(r.Host):
			fail(w, &Problem{
				Status: http.StatusForbidden, Parameter: "Host",
				Message: "the control API does not answer for this host name; allow it with --allowed-host, or use localhost or 127.0.0.1",
			})
		case origin.Foreign(r) && !opensDocument(r):
			fail(w, &Problem{Status: http.StatusForbidden, Message: "the control API answers no cross-origin requests of browsers"})
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// opensDocument reports whether a link of another site leads to a page for people.
func opensDocument(r *http.Request) bool {
	return r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Mode") == "navigate" &&
		(strings.HasPrefix(r.URL.Path, Prefix+"/docs/") || strings.HasPrefix(r.URL.Path, consolePath))
}
