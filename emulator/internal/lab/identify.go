package lab

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Identify adds an api_key to the parameters of a request without credentials: that of
// the account that the request names or, if it names none, of the first one. It also
// returns the account's id; 0 if nothing was added.
func Identify(accounts []vox.Account, call url.Values, header http.Header) (url.Values, int64) {
	if call.Get("api_key") != "" || call.Get("session_id") != "" || header.Get("Authorization") != "" {
		return call, 0
	}
	identified := maps.Clone(call)
	if identified == nil {
		identified = url.Values{}
	}
	caller := slices.IndexFunc(accounts, func(a vox.Account) bool {
		return call.Get("account_id") == strconv.FormatInt(a.ID, 10) ||
			call.Get("account_name") == a.Name || a.Email != "" && call.Get("account_email") == a.Email
	})
	if caller < 0 && len(accounts) > 0 && !call.Has("account_id") && !call.Has("account_name") && !call.Has("account_email") {
		caller = 0
		identified.Set("account_id", strconv.FormatInt(accounts[0].ID, 10))
	}
	if caller < 0 || accounts[caller].APIKey == "" {
		return identified, 0
	}
	identified.Set("api_key", accounts[caller].APIKey)
	return identified, accounts[caller].ID
}
