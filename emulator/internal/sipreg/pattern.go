package sipreg

import (
	"cmp"
	"net"
	"strings"

	"github.com/voxemu/voxemu/emulator/vox"
)

// appliesTo reports whether a registration fits every pattern of a rule.
func appliesTo(rule *vox.RegistrarRule, r *vox.Registration) bool {
	proxy, pattern := strings.ToLower(r.Proxy), strings.ToLower(rule.Proxy)
	return (fits(pattern, proxy) || fits(pattern, hostOf(proxy))) &&
		fits(rule.SIPUsername, r.SIPUsername) &&
		fits(rule.AuthUser, cmp.Or(r.AuthUser, r.SIPUsername)) &&
		fits(rule.Password, r.Password)
}

// fits reports whether a value matches a pattern; an empty one leaves the value
// open.
func fits(pattern, value string) bool { return pattern == "" || vox.MatchPattern(pattern, value) }

// hostOf is a proxy without its port.
func hostOf(proxy string) string {
	if host, _, err := net.SplitHostPort(proxy); err == nil {
		return host
	}
	return proxy
}
