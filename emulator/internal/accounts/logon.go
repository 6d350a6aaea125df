package accounts

import (
	"crypto/rand"
	"encoding/hex"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// LogonReply is the result of Logon (docs/evidence.md#credentials).
type LogonReply struct {
	Result      string `json:"result"` // the session id
	APIKey      string `json:"api_key,omitempty"`
	AccountID   int64  `json:"account_id"`
	AccountName string `json:"account_name"`
}

// Logon starts a session with the caller's rights (A66). It deletes sessions that ended
// [vox.SessionLife] ago or earlier.
func Logon(tx *store.Tx, caller vox.Principal, _ None) (LogonReply, error) {
	account, _ := store.Get(tx, store.Accounts, caller.AccountID)
	for s := range store.Until(tx, store.Sessions, store.SessionEnd, tx.Now().Add(-vox.SessionLife)) {
		store.Delete(tx, store.Sessions, s.ID)
	}
	session := vox.Session{ID: newSecret(), AccountID: account.ID, KeyID: caller.KeyID, Expires: tx.Now().Add(vox.SessionLife)}
	logon := LogonReply{Result: session.ID, AccountID: account.ID, AccountName: account.Name}
	if caller.Unlimited {
		logon.APIKey = account.APIKey
	}
	return logon, store.Put(tx, store.Sessions, session)
}

// newSecret returns a random text: 128 bits, in hexadecimal.
func newSecret() string {
	bytes := make([]byte, 16)
	_, _ = rand.Read(bytes) // never fails
	return hex.EncodeToString(bytes)
}
