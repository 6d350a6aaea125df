package accounts

import (
	"slices"

	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// GetKeyRolesParams are the parameters of GetKeyRoles.
type GetKeyRolesParams struct {
	KeyID    string `param:"key_id"`
	Expanded bool   `param:"with_expanded_roles"`
}

// RolesReply is the reply of GetKeyRoles and GetRoles.
type RolesReply struct {
	Result []RoleRow `json:"result"`
}

// GetKeyRoles lists the roles of a key; expanded, it also lists the roles that these
// include, and their relations.
func GetKeyRoles(tx *store.Tx, caller vox.Principal, p GetKeyRolesParams) (RolesReply, error) {
	key, err := keyOf(tx, caller.AccountID, p.KeyID)
	if err != nil {
		return RolesReply{}, err
	}
	if !p.Expanded {
		return RolesReply{reply.Rows(key.Roles, roleRow)}, nil
	}
	rows := []RoleRow{}
	for _, role := range vox.Roles() {
		held := slices.Contains(key.Roles, role)
		if held || slices.ContainsFunc(key.Roles, func(r vox.Role) bool { return r.Includes(role) }) {
			rows = append(rows, relatedRow(role, !held))
		}
	}
	return RolesReply{rows}, nil
}
