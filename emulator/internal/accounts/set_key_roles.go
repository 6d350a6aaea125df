package accounts

import (
	"slices"

	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// KeyRolesParams are the parameters of SetKeyRoles and RemoveKeyRoles.
type KeyRolesParams struct {
	KeyID string `param:"key_id"`
	RoleSet
}

// SetKeyRoles adds roles to a key (A72).
func SetKeyRoles(tx *store.Tx, caller vox.Principal, p KeyRolesParams) (reply.Done, error) {
	return p.change(tx, caller, func(has, given []vox.Role) ([]vox.Role, error) {
		return ordered(slices.Concat(has, given)), nil
	})
}

// RemoveKeyRoles removes roles from a key; a role that the key does not have is an error
// (A72).
func RemoveKeyRoles(tx *store.Tx, caller vox.Principal, p KeyRolesParams) (reply.Done, error) {
	return p.change(tx, caller, func(has, given []vox.Role) ([]vox.Role, error) {
		if slices.ContainsFunc(given, func(r vox.Role) bool { return !slices.Contains(has, r) }) {
			return nil, vox.ErrInvalidRoleSet
		}
		return slices.DeleteFunc(slices.Clone(has), func(r vox.Role) bool { return slices.Contains(given, r) }), nil
	})
}

func (p KeyRolesParams) change(tx *store.Tx, caller vox.Principal, roles func(has, given []vox.Role) ([]vox.Role, error)) (reply.Done, error) {
	key, err := keyOf(tx, caller.AccountID, p.KeyID)
	if err != nil {
		return reply.Done{}, err
	}
	given, err := p.RoleSet.required()
	if err != nil {
		return reply.Done{}, err
	}
	if key.Roles, err = roles(key.Roles, given); err != nil {
		return reply.Done{}, err
	}
	return reply.OK(store.Put(tx, store.Keys, key))
}
