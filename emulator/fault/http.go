package fault

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// HTTP sends a given HTTP reply, like a proxy or load balancer in front of the API: 429
// with Retry-After, or 502 with an HTML page.
type HTTP struct {
	// Status is the HTTP status, 200 to 599.
	Status int `yaml:"status" json:"status" jsonschema:"required"`
	// Headers are the headers of the reply; default: Content-Type text/plain.
	Headers map[string]string `yaml:"headers,omitempty" json:"headers,omitempty"`
	// Body is the body of the reply; default: empty.
	Body string `yaml:"body,omitempty" json:"body,omitempty"`
}

// framing are the headers that only other kinds may falsify.
var framing = []string{"Connection", "Content-Length", "Transfer-Encoding", "Trailer"}

func (h HTTP) check(c *checker) {
	if h.Status < 200 || h.Status > 599 {
		c.refuse("status", "want an HTTP status from 200 to 599")
	}
	if h.Body != "" && (h.Status == http.StatusNoContent || h.Status == http.StatusNotModified) {
		c.refuse("body", "HTTP allows no body with status %d", h.Status)
	}
	for _, name := range slices.Sorted(maps.Keys(h.Headers)) {
		switch {
		case !token(name):
			c.refuse("headers", "%q is not a valid header name", name)
		case slices.Contains(framing, http.CanonicalHeaderKey(name)):
			c.refuse("headers."+name, "follows from the body; for broken framing use close, reset or truncated_json")
		case strings.ContainsFunc(h.Headers[name], func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }):
			c.refuse("headers."+name, "a header's value has no control characters")
		}
	}
}

// token reports whether a text is a valid header name (RFC 9110 §5.6.2).
func token(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
	})
}
