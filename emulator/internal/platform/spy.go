package platform

import (
	"net/url"
	"slices"

	"github.com/voxemu/voxemu/emulator/vox"
)

// callersOwn are the parameters that identify the caller. They never leave the emulator, and
// neither do parameters that the method does not have, such as a misspelt api_key.
var callersOwn = []string{"account_id", "account_name", "account_email", "api_key", "account_password", "session_id", "cmd"}

// spiesAtOnce is the number of requests for which another service is asked at one time.
const spiesAtOnce = 4

// spy asks another service as well, if the method only reads, and records what differs.
// The client has its reply already. Requests that come faster than the service answers
// are left out.
func (h *Handler) spy(c *call, reply []byte) {
	if h.Spy == nil || c.endpoint.spec == nil || c.endpoint.writes || c.caller.AccountID == 0 {
		return
	}
	select {
	case h.spying <- struct{}{}:
	default:
		return
	}
	parameters := url.Values{}
	for _, name := range c.endpoint.spec.Parameters() {
		if texts, ok := c.parameters[name]; ok && !slices.Contains(callersOwn, name) && !vox.IsSecretName(name) {
			parameters[name] = texts
		}
	}
	go func() {
		defer func() { <-h.spying }()
		if differences := h.Spy(c.endpoint.name, parameters, reply); len(differences) > 0 {
			c.recording.Differ(differences)
		}
	}()
}
