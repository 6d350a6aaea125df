package control

import (
	"net"
	"net/http"
	"net/url"
	"strings"
)

// Guard refuses requests to the control API that a web page of another site can send:
// cross-origin requests and, unless exposed, requests for another host (DNS rebinding).
func Guard(next http.Handler, exposed bool) http.Handler {
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(http.HandlerFunc(refuseForeign))
	origin := protection.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !under(r.URL.Path):
			next.ServeHTTP(w, r)
		case !exposed && !loopback(r.Host):
			fail(w, &Problem{
				Status: http.StatusForbidden, Parameter: "Host",
				Message: "the control API answers loopback host names only; start with --expose to allow others",
			})
		case embedded(r):
			refuseForeign(w, r)
		default:
			origin.ServeHTTP(w, r)
		}
	})
}

func refuseForeign(w http.ResponseWriter, _ *http.Request) {
	fail(w, &Problem{Status: http.StatusForbidden, Message: "the control API answers no cross-origin requests of browsers"})
}

// embedded reports whether a page of another origin sends the request. net/http's
// protection allows all GET requests. Following a link is allowed.
func embedded(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return false
	case "": // an old browser, or not a browser
		origin, err := url.Parse(r.Header.Get("Origin"))
		return err != nil || r.Header.Get("Origin") != "" && origin.Host != r.Host
	}
	return r.Header.Get("Sec-Fetch-Mode") != "navigate"
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
