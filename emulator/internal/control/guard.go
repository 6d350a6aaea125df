package control

import (
	"net"
	"net/http"
	"strings"
)

// Guard refuses, on the back door, what a web page could send: cross-origin
// requests, and requests for a foreign host (DNS rebinding) unless exposed.
func Guard(next http.Handler, exposed bool) http.Handler {
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fail(w, &Problem{Status: http.StatusForbidden, Message: "the control door answers no cross-origin requests of browsers"})
	}))
	origin := protection.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !under(r.URL.Path):
			next.ServeHTTP(w, r)
		case !exposed && !loopback(r.Host):
			fail(w, &Problem{
				Status: http.StatusForbidden, Parameter: "Host",
				Message: "the control door answers loopback host names only; start with --expose to allow others",
			})
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
