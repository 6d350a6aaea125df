package accounts

import (
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// groupName is the name of the only group of roles; it is an assumption (A72).
const groupName = "Management API"

// GetRoleGroupsReply is the reply of GetRoleGroups.
type GetRoleGroupsReply struct {
	Result []RoleGroup `json:"result"`
}

// RoleGroup is a group of roles (docs/evidence.md#roles).
type RoleGroup struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// GetRoleGroups lists the groups of roles.
func GetRoleGroups(*store.Tx, vox.Principal, None) (GetRoleGroupsReply, error) {
	return GetRoleGroupsReply{[]RoleGroup{{1, groupName}}}, nil
}
