package accounts

import (
	"slices"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// RemoveKeyRoles takes roles from a key; one that it has not makes the set invalid
// (A72).
func RemoveKeyRoles(tx *store.Tx, caller vox.Principal, p KeyRolesParams) (Done, error) {
	key, err := keyOf(tx, caller.AccountID, p.KeyID)
	if err != nil {
		return Done{}, err
	}
	roles, err := p.RoleSet.required()
	if err != nil {
		return Done{}, err
	}
	for _, role := range roles {
		if !slices.Contains(key.Roles, role) {
			return Done{}, vox.ErrInvalidRoleSet
		}
	}
	key.Roles = slices.DeleteFunc(slices.Clone(key.Roles), func(r vox.Role) bool { return slices.Contains(roles, r) })
	return Done{1}, store.Keys(tx).Put(key)
}
