package sipreg

import (
	"cmp"
	"net"
	"path"
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

// fits reports whether a value fits a pattern; an empty one fits everything. The
// slash, at which path.Match would stop, is nothing special here.
func fits(pattern, value string) bool {
	if pattern == "" {
		return true
	}
	plain := strings.NewReplacer("/", "\x00")
	fits, err := path.Match(plain.Replace(pattern), plain.Replace(value))
	return err == nil && fits // the scenario's check refuses broken patterns
}

// hostOf is a proxy without its port.
func hostOf(proxy string) string {
	if host, _, err := net.SplitHostPort(proxy); err == nil {
		return host
	}
	return proxy
}
