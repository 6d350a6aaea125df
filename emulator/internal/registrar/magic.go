package registrar

import (
	"strconv"
	"strings"
	"time"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Magic host names (docs/registrations.md) select an answer without a scenario. They end
// in .test, which is reserved for tests (RFC 2606).
const (
	magicPrefix = "sip-"
	magicSuffix = ".test"
)

// rightPassword is the password that sip-auth.test accepts.
const rightPassword = "right-password"

// timeout is the time after which the platform gives up on a REGISTER request without an
// answer: timer F of RFC 3261 §17.1.2.2, 64 × 0.5 s (A32).
const timeout = 32 * time.Second

// slowest is the maximum delay in a magic host name.
const slowest = 24 * time.Hour

// byMagic returns the script with the answers of the magic host, if one is named in the
// outbound proxy or, without an outbound proxy, in the proxy.
func (s script) byMagic(r *vox.Registration) script {
	for _, proxy := range []string{r.OutboundProxy, r.Proxy} {
		host, suffix := strings.CutSuffix(strings.ToLower(hostOf(proxy)), magicSuffix)
		name, prefix := strings.CutPrefix(host, magicPrefix)
		if !suffix || !prefix {
			continue
		}
		if magic, ok := s.named(name, r.Password); ok {
			magic.source.magic = hostOf(proxy)
			return magic
		}
	}
	return s
}

// named returns the script for the part of a magic host name between prefix and suffix;
// false if the host is not magic.
func (s script) named(name, password string) (script, bool) {
	switch name {
	case "timeout":
		s.answers, s.delay = []Answer{AnswerOf(408, "")}, timeout
		return s, true
	case "unresolvable":
		s.answers = []Answer{{502, "Unable to resolve hostname"}} // docs/evidence.md#status
		return s, true
	case "auth":
		s.answers = []Answer{authenticate(password)}
		return s, true
	}
	if text, ok := strings.CutPrefix(name, "slow-"); ok {
		delay, err := time.ParseDuration(text)
		s.delay = delay
		return s, err == nil && delay >= 0 && delay <= slowest
	}
	return s.chain(strings.Split(name, "-then-"))
}

// authenticate returns the answer of sip-auth.test: 401 without a password, 403 for a
// wrong one.
func authenticate(password string) Answer {
	switch password {
	case rightPassword:
		return accepted()
	case "":
		return AnswerOf(401, "")
	}
	return AnswerOf(403, "")
}

// chain sets answers from a list of statuses, 200 or 300 to 699; false if malformed.
func (s script) chain(statuses []string) (script, bool) {
	s.answers = nil
	for _, text := range statuses {
		status, err := strconv.ParseInt(text, 10, 64)
		if err != nil || len(text) != 3 || !Answerable(status) {
			return s, false
		}
		s.answers = append(s.answers, AnswerOf(status, ""))
	}
	return s, true
}
