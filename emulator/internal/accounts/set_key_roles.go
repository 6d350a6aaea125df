package accounts

import (
	"slices"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// KeyRolesParams are the parameters of SetKeyRoles and RemoveKeyRoles.
type KeyRolesParams struct {
	KeyID string `param:"key_id"`
	RoleSet
}

// SetKeyRoles gives a key roles beside those that it has (A72).
func SetKeyRoles(tx *store.Tx, caller vox.Principal, p KeyRolesParams) (Done, error) {
	key, err := keyOf(tx, caller.AccountID, p.KeyID)
	if err != nil {
		return Done{}, err
	}
	roles, err := p.RoleSet.required()
	if err != nil {
		return Done{}, err
	}
	key.Roles = ordered(slices.Concat(key.Roles, roles))
	return Done{1}, store.Keys(tx).Put(key)
}
