package scenarios

import (
	"cmp"
	"encoding/json"
	"unicode/utf8"

	"github.com/voxemu/voxemu/emulator/vox"
)

// longestSalt is the maximum number of characters of a callback_salt. The guide states up
// to 40, error 399 less (docs/evidence.md#delivery).
const longestSalt = 40

func (c checker) callbacks(a *vox.Account) {
	c.text("callback_url", a.CallbackURL, false)
	if _, err := vox.ParseCallbackURL(a.CallbackURL); err != nil && a.CallbackURL != "" {
		c.refuse("callback_url", "%v", err)
	}
	if utf8.RuneCountInString(a.CallbackSalt) > longestSalt {
		c.refuse("callback_salt", "want at most %d characters", longestSalt)
	}
	if a.MinBalanceToNotify.IsNegative() {
		c.refuse("min_balance_to_notify", "want at least 0")
	}
}

func checkCallback(c checker, k *vox.Callback) {
	c.owner(k.AccountID)
	oneOf(c, "type", cmp.Or(k.Type, "none"), vox.CallbackTypes()...)
	oneOf(c, "state", k.State, vox.CallbackStates()...)
	var members map[string]json.RawMessage
	if json.Unmarshal([]byte(k.Detail), &members) != nil || members == nil {
		c.refuse("detail", "want a JSON object")
	}
	if k.Batch < 0 || k.Batch > k.ID {
		c.refuse("batch", "want an id of at most the callback's own")
	}
	if k.Attempts < 0 {
		c.refuse("attempts", "want at least 0")
	}
	if k.LastStatus != 0 && (k.LastStatus < 100 || k.LastStatus > 999) {
		c.refuse("last_status", "want 100 to 999, or none")
	}
	switch {
	case k.State == vox.CallbackRetrying && k.NextAttempt.IsZero():
		c.refuse("next_attempt", "required for a callback that waits for a retry")
	case k.State.Final() && !k.NextAttempt.IsZero():
		c.refuse("next_attempt", "want none for a callback that is done")
	}
}
