package accounts

import (
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Logout ends the session that the call was made in; without one there is nothing
// to end, which is answered with 1 as well (A66).
func Logout(tx *store.Tx, caller vox.Principal, _ None) (reply.Done, error) {
	if caller.SessionID != "" {
		store.Sessions(tx).Delete(caller.SessionID)
	}
	return reply.OK(nil)
}
