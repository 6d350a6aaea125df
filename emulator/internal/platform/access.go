package platform

import (
	"crypto/subtle"
	"fmt"
	"strconv"
	"strings"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// admit authenticates the caller and checks the account's lists and the method's roles.
func (h *Handler) admit(tx *store.Tx, c *call) (err error) {
	if c.caller, err = h.identify(tx, c); err != nil {
		return err
	}
	c.caller.Host = c.host
	switch {
	case !addressAllowed(tx, c.caller.AccountID, c.address):
		return c.deny("account %d does not allow calls from %s", c.caller.AccountID, c.address)
	case deactivated(tx, c.caller.AccountID):
		return c.deny("account %d was switched off by its parent", c.caller.AccountID)
	case !c.caller.May(c.endpoint.spec.Roles):
		return c.missingRole(tx)
	}
	return nil
}

// deny returns the error for a refused caller. The reason is written to the journal and
// the log, and is not sent to the client.
func (c *call) deny(reason string, args ...any) error {
	c.recording.Denied = fmt.Sprintf(reason, args...)
	return vox.ErrAuthorizationFailed
}

// identify checks the token first, because the Java SDK sends account_id with it
// (docs/evidence.md#encodings), then the session, then a secret of the account.
func (h *Handler) identify(tx *store.Tx, c *call) (vox.Principal, error) {
	if token, ok := c.bearer(); ok {
		return h.identifyToken(tx, c, token)
	}
	if id := c.parameters.Get("session_id"); id != "" {
		return identifySession(tx, c, id)
	}
	return identifySecret(tx, c)
}

func (c *call) bearer() (token string, ok bool) {
	scheme, token, ok := strings.Cut(c.authorization, " ")
	return strings.TrimSpace(token), ok && strings.EqualFold(scheme, "Bearer")
}

// identifySecret finds the account by id, name or e-mail and compares its api_key or, if
// none is given, its password; both grant all rights (docs/evidence.md#credentials). The
// error for the client does not state which of them was wrong (A97).
func identifySecret(tx *store.Tx, c *call) (vox.Principal, error) {
	account, ok := namedAccount(tx, c)
	if !ok {
		return vox.Principal{}, c.deny("no account has this account_id, account_name or account_email, and the call has no token")
	}
	parameter, secret := "api_key", account.APIKey
	if c.parameters.Get(parameter) == "" && c.parameters.Get("account_password") != "" {
		parameter, secret = "account_password", account.Password
	}
	given := c.parameters.Get(parameter)
	switch {
	case given == "":
		return vox.Principal{}, c.deny("account %d exists, but the call has no api_key, account_password or token", account.ID)
	case secret == "":
		return vox.Principal{}, c.deny("account %d exists, but has no %s", account.ID, parameter)
	case subtle.ConstantTimeCompare([]byte(given), []byte(secret)) != 1:
		return vox.Principal{}, c.deny("account %d exists, but its %s differs", account.ID, parameter)
	}
	return vox.Principal{AccountID: account.ID, Unlimited: true}, nil
}

// deactivated reports whether a parent deactivated the account (A78).
func deactivated(tx *store.Tx, account int64) bool {
	a, _ := store.Get(tx, store.Accounts, account)
	return a.Inactive
}

// namedAccount returns the account that account_id, account_name and account_email name,
// if they agree.
func namedAccount(tx *store.Tx, c *call) (vox.Account, bool) {
	var found vox.Account
	for _, parameter := range []string{"account_id", "account_name", "account_email"} {
		value := c.parameters.Get(parameter)
		if value == "" {
			continue
		}
		account, ok := accountBy(tx, parameter, value)
		if !ok || found.ID != 0 && found.ID != account.ID {
			return vox.Account{}, false
		}
		found = account
	}
	return found, found.ID != 0
}

func accountBy(tx *store.Tx, parameter, value string) (vox.Account, bool) {
	switch parameter {
	case "account_name":
		return store.First(tx, store.Accounts, 0, store.AccountName.Is(value))
	case "account_email":
		return store.First(tx, store.Accounts, 0, store.AccountEmail.Is(value))
	}
	id, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return vox.Account{}, false
	}
	return store.Get(tx, store.Accounts, id)
}

// claimed returns the account that an unauthenticated caller names, or 0 if it does not
// exist. The journal of a shared server uses it to show whose test sent the request. It
// grants no rights.
func (h *Handler) claimed(c *call) (id int64) {
	_ = h.Store.Read(h.Clock.Now(), func(tx *store.Tx) error { // the function never fails
		if account, ok := namedAccount(tx, c); ok {
			id = account.ID
			return nil
		}
		token, _ := c.bearer()
		issuer, _ := unverified(token)
		if account, ok := store.Get(tx, store.Accounts, issuer); ok {
			id = account.ID
		}
		return nil
	})
	return id
}

// missingRole returns the error for a missing role that the scenario selects (A1).
func (c *call) missingRole(tx *store.Tx) error {
	denied := c.deny("key %s lacks the roles for %s: want one of %v", c.caller.KeyID, c.method, c.endpoint.spec.Roles)
	if tx.Settings().Behaviour.MissingRole == vox.MissingRoleForbiddenCommand {
		return vox.ErrForbiddenCommand
	}
	return denied
}
