// Package origin detects requests that web pages of other origins send. Unlike
// [http.CrossOriginProtection] it covers every verb, because the API also writes with
// GET.
package origin

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Foreign reports whether a browser sends the request for a page of another origin: as an
// image, a link, a form or a script. Browsers send Sec-Fetch-Site to loopback addresses
// and over HTTPS; Origin is for older ones and for other addresses. Clients that are not
// browsers send neither.
func Foreign(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin", "none": // none: typed into the address bar
		return false
	case "":
		return otherOrigin(r)
	}
	return true
}

func otherOrigin(r *http.Request) bool {
	text := r.Header.Get("Origin")
	if text == "" {
		return false
	}
	from, err := url.Parse(text)
	return err != nil || !strings.EqualFold(from.Host, r.Host)
}

// Allowed are the origins whose pages may use the API. The zero value has none.
type Allowed struct{ origins []string }

// Parse checks origins. Error: one that is not as browsers send it, such as
// http://localhost:3000. "*" and "null" are refused, because every page can be them.
func Parse(origins ...string) (Allowed, error) {
	var allowed Allowed
	for _, text := range origins {
		from, err := url.Parse(strings.ToLower(text))
		if err != nil || from.Scheme == "" || from.Hostname() == "" || from.Scheme+"://"+from.Host != strings.ToLower(text) || strings.Contains(text, "*") {
			return Allowed{}, fmt.Errorf("%q is not an origin; want SCHEME://HOST[:PORT] without a path, such as http://localhost:3000", text)
		}
		allowed.origins = append(allowed.origins, strings.TrimSuffix(from.Scheme+"://"+from.Host, defaultPort(from.Scheme)))
	}
	return allowed, nil
}

// defaultPort returns the port that browsers leave out.
func defaultPort(scheme string) string {
	return map[string]string{"http": ":80", "https": ":443"}[scheme]
}

// Contains reports whether the request's Origin is allowed.
func (a Allowed) Contains(r *http.Request) bool {
	return slices.Contains(a.origins, r.Header.Get("Origin"))
}

// Empty reports whether no origin is allowed.
func (a Allowed) Empty() bool { return len(a.origins) == 0 }
