package scenarios

import (
	"fmt"
	"time"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Limits of the registrar.
const (
	longestDelay    = 24 * time.Hour
	shortestExpires = time.Second
	longestExpires  = 30 * 24 * time.Hour
	mostAnswers     = 100
)

func checkRegistrar(c checker, r *vox.Registrar) {
	checkTimes(c, "registrar.", r.Delay, r.Expires)
	for i := range r.Real {
		at := fmt.Sprintf("registrar.real[%d].proxy", i)
		c.text(at, r.Real[i].Proxy, true)
		if err := vox.CheckPattern(r.Real[i].Proxy); err != nil {
			c.refuse(at, "%v", err)
		}
	}
	if s := r.CallStatus; s != 0 && s != 480 && s != 486 && s != 603 {
		c.refuse("registrar.call_status", "want 480, 486 or 603")
	}
	for i := range r.Rules {
		checkRule(c, fmt.Sprintf("registrar.rules[%d].", i), &r.Rules[i])
	}
}

func checkTimes(c checker, at string, delay, expires time.Duration) {
	if delay < 0 || delay > longestDelay {
		c.refuse(at+"delay", "want 0s to 24h")
	}
	if expires != 0 && (expires < shortestExpires || expires > longestExpires) {
		c.refuse(at+"expires", "want 1s to 720h")
	}
}

func checkRule(c checker, at string, rule *vox.RegistrarRule) {
	for field, pattern := range map[string]string{
		"proxy": rule.Proxy, "sip_username": rule.SIPUsername, "auth_user": rule.AuthUser, "password": rule.Password,
	} {
		c.text(at+field, pattern, false)
		if err := vox.CheckPattern(pattern); err != nil {
			c.refuse(at+field, "%v", err)
		}
	}
	c.text(at+"reason", rule.Reason, false)
	checkTimes(c, at, rule.Delay, rule.Expires)
	if rule.StatusCode != 0 && len(rule.Answers) > 0 {
		c.refuse(at+"answers", "want either answers or status_code")
	}
	if len(rule.Answers) > mostAnswers {
		c.refuse(at+"answers", "want at most %d", mostAnswers)
	}
	if rule.StatusCode != 0 && !answerable(rule.StatusCode) {
		c.refuse(at+"status_code", "want 200 or 300 to 699")
	}
	for i, status := range rule.Answers {
		if !answerable(status) {
			c.refuse(fmt.Sprintf("%sanswers[%d]", at, i), "want 200 or 300 to 699")
		}
	}
}

// answerable reports whether a SIP status ends an attempt to register.
func answerable(status int64) bool { return status == 200 || failing(status) }
