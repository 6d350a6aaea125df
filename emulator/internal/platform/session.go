package platform

import (
	"regexp"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// sessionCharacters are those of session ids, which have 16 to 100. Other texts give the
// error for invalid ids instead of unknown ones.
var sessionCharacters = regexp.MustCompile(`^[0-9A-Za-z]+$`)

// identifySession finds the caller that logged on (docs/evidence.md#credentials, A66).
// The session grants the current rights of its key.
func identifySession(tx *store.Tx, c *call, id string) (vox.Principal, error) {
	if len(id) < 16 || len(id) > 100 || !sessionCharacters.MatchString(id) {
		return vox.Principal{}, vox.ErrInvalidSessionID.On("session_id")
	}
	session, ok := store.Get(tx, store.Sessions, id)
	if !ok {
		return vox.Principal{}, vox.ErrNotLoggedOn
	}
	if !tx.Now().Before(session.Expires) {
		return vox.Principal{}, vox.ErrSessionTimeout
	}
	if err := agrees(tx, c, session.AccountID); err != nil {
		return vox.Principal{}, err
	}
	caller := vox.Principal{AccountID: session.AccountID, SessionID: id, Unlimited: session.KeyID == ""}
	if key, ok := store.Get(tx, store.Keys, session.KeyID); ok {
		caller.KeyID, caller.Roles = key.ID, key.Roles
	}
	return caller, nil
}
