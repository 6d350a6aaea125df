package registrar

import (
	"strings"
	"time"

	"github.com/voxemu/voxemu/emulator/vox"
)

// real is a PBX. Nothing is known of its answers before they come.
type real struct{ pattern string }

// Delay reports that the answer comes when the PBX sends it.
func (real) Delay() (time.Duration, bool) { return 0, false }

// Answer is not used: no answer is known.
func (real) Answer(int64) (a Answer, failures int64) { return Answer{}, 0 }

// Repeats reports that no other answer is known.
func (real) Repeats(Answer, int64) bool { return true }

// Expires is not used: the PBX says it with each answer.
func (real) Expires() time.Duration { return defaultExpires }

// Forecast names the pattern.
func (r real) Forecast() vox.Forecast { return vox.Forecast{Real: r.pattern} }

// IsReal reports whether a PBX answers the registration.
func IsReal(settings vox.Registrar, r *vox.Registration) bool { return realRule(settings, r) != "" }

// realRule returns the pattern that makes a registration real; empty: none.
func realRule(settings vox.Registrar, r *vox.Registration) string {
	for _, rules := range [][]vox.RealRegistrar{settings.Real, settings.Always} {
		for i := range rules {
			if atProxy(rules[i].Proxy, r.Proxy) {
				return rules[i].Proxy
			}
		}
	}
	return ""
}

// Covers reports whether a pattern of real registrations matches a proxy.
func Covers(settings vox.Registrar, proxy string) bool {
	return realRule(settings, &vox.Registration{Proxy: proxy}) != ""
}

// Interval returns how long a real registration asks to be kept.
func Interval(settings vox.Registrar) time.Duration {
	if settings.Expires != 0 {
		return settings.Expires
	}
	return defaultExpires
}

// atProxy reports whether a pattern matches a proxy, with or without its transport and
// port. An empty one matches none.
func atProxy(pattern, proxy string) bool {
	proxy, pattern = strings.ToLower(proxy), strings.ToLower(pattern)
	return pattern != "" && (fits(pattern, proxy) || fits(pattern, addressOf(proxy)) || fits(pattern, hostOf(proxy)))
}
