package accounts

import (
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Logout ends the session of the call. Without a session it changes nothing and succeeds
// (A66).
func Logout(tx *store.Tx, caller vox.Principal, _ None) (reply.Done, error) {
	if caller.SessionID != "" {
		store.Delete(tx, store.Sessions, caller.SessionID)
	}
	return reply.OK(nil)
}
