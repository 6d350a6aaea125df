package registrar

import (
	"cmp"
	"net"
	"strings"

	"github.com/voxemu/voxemu/emulator/vox"
)

// appliesTo reports whether a registration matches all patterns of a rule.
func appliesTo(rule *vox.RegistrarRule, r *vox.Registration) bool {
	return (rule.Proxy == "" || atProxy(rule.Proxy, r.Proxy)) &&
		fits(rule.SIPUsername, r.SIPUsername) &&
		fits(rule.AuthUser, cmp.Or(r.AuthUser, r.SIPUsername)) &&
		fits(rule.Password, r.Password)
}

// fits reports whether a value matches a pattern; an empty pattern matches all values.
func fits(pattern, value string) bool { return pattern == "" || vox.MatchPattern(pattern, value) }

// addressOf returns a proxy without its transport (A24).
func addressOf(proxy string) string {
	address, _, _ := strings.Cut(proxy, ";")
	return address
}

// hostOf returns a proxy without its transport and port.
func hostOf(proxy string) string {
	address := addressOf(proxy)
	if !strings.Contains(address, ":") {
		return address
	}
	if host, _, err := net.SplitHostPort(address); err == nil {
		return host
	}
	return address
}
