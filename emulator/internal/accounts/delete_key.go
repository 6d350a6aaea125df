package accounts

import (
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// DeleteKeyParams are the parameters of DeleteKey.
type DeleteKeyParams struct {
	KeyID string `param:"key_id"`
}

// DeleteKey deletes a key and the sessions started with it.
func DeleteKey(tx *store.Tx, caller vox.Principal, p DeleteKeyParams) (reply.Done, error) {
	key, err := keyOf(tx, caller.AccountID, p.KeyID)
	if err != nil {
		return reply.Done{}, err
	}
	for _, s := range all(tx, store.Sessions, func(s vox.Session) bool { return s.KeyID == key.ID }) {
		store.Delete(tx, store.Sessions, s.ID)
	}
	store.Delete(tx, store.Keys, key.ID)
	return reply.OK(nil)
}
