package sipreg

import (
	"strconv"
	"strings"
	"time"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Magic host names (docs/registrations.md) choose an answer
// without any scenario. They end in .test, which no real host does (RFC 2606).
const (
	magicPrefix = "sip-"
	magicSuffix = ".test"
)

// rightPassword is what sip-auth.test accepts.
const rightPassword = "right-password"

// timeout is how long a REGISTER request goes unanswered before the platform
// gives up: timer F of RFC 3261 §17.1.2.2, 64 times half a second (A32).
const timeout = 32 * time.Second

// slowest is the longest delay that a magic host name can ask for.
const slowest = 24 * time.Hour

// byMagic is the script as the magic host changes it, that of the outbound proxy
// or of the proxy; requests reach the outbound proxy first.
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

// named is what stands between prefix and suffix of a magic host; false: it is
// an ordinary host.
func (s script) named(name, password string) (script, bool) {
	switch name {
	case "timeout":
		s.answers, s.delay = []answer{answerOf(408, "")}, timeout
		return s, true
	case "unresolvable":
		s.answers = []answer{{502, "Unable to resolve hostname"}} // docs/evidence.md#status
		return s, true
	case "auth":
		s.answers = []answer{authenticate(password)}
		return s, true
	}
	if text, ok := strings.CutPrefix(name, "slow-"); ok {
		delay, err := time.ParseDuration(text)
		s.delay = delay
		return s, err == nil && delay >= 0 && delay <= slowest
	}
	return s.chain(strings.Split(name, "-then-"))
}

// authenticate answers for sip-auth.test: a challenge that was not answered is
// 401, one that was answered wrongly 403.
func authenticate(password string) answer {
	switch password {
	case rightPassword:
		return accepted
	case "":
		return answerOf(401, "")
	}
	return answerOf(403, "")
}

// chain answers one status after the other, 200 or 300 to 699.
func (s script) chain(statuses []string) (script, bool) {
	s.answers = nil
	for _, text := range statuses {
		status, err := strconv.ParseInt(text, 10, 64)
		if err != nil || len(text) != 3 || !answerable(status) {
			return s, false
		}
		s.answers = append(s.answers, answerOf(status, ""))
	}
	return s, true
}

// answerable reports whether a status can end an attempt to register: success,
// or one of the failures.
func answerable(status int64) bool { return status == 200 || status >= 300 && status <= 699 }
