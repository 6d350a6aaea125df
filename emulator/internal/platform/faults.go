package platform

import (
	"net/http"
	"strconv"

	"github.com/voxemu/voxemu/emulator/internal/inject"
)

// matchFault returns the rule that applies to a request; nil: none.
func (h *Handler) matchFault(c *call, r *http.Request) *inject.Claim {
	if h.Faults == nil {
		return nil
	}
	return h.Faults.Claim(func() inject.Call { return h.describe(c, r) })
}

// describe returns the request in the form that rules use.
func (h *Handler) describe(c *call, r *http.Request) inject.Call {
	account, key := h.presented(c)
	return inject.Call{
		Method: c.method, Parameters: c.parameters, Account: account, Key: key,
		Header: r.Header, Encoding: c.encoding,
	}
}

// presented returns the account and key that the request names. They are not verified,
// because faults come before authentication, as a network failure would.
func (h *Handler) presented(c *call) (account int64, key string) {
	if token, ok := c.bearer(); ok {
		return unverified(token)
	}
	if id, err := strconv.ParseInt(c.parameters.Get("account_id"), 10, 64); err == nil {
		return id, ""
	}
	return h.claimed(c), ""
}
