package accounts

import (
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// UpdateKeyParams are the parameters of UpdateKey.
type UpdateKeyParams struct {
	KeyID       string  `param:"key_id"`
	Name        string  `param:"key_name"`
	Description *string `param:"description"`
}

// UpdateKey sets the given texts of a key.
func UpdateKey(tx *store.Tx, caller vox.Principal, p UpdateKeyParams) (reply.Done, error) {
	key, err := keyOf(tx, caller.AccountID, p.KeyID)
	if err != nil {
		return reply.Done{}, err
	}
	set(&key.Name, p.Name)
	replace(&key.Description, p.Description)
	return reply.OK(store.Put(tx, store.Keys, key))
}
