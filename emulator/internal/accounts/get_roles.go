package accounts

import (
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// GetRolesParams are the parameters of GetRoles.
type GetRolesParams struct {
	GroupName string `param:"group_name"`
}

// GetRoles lists the roles that keys can have; all are in one group (A72).
func GetRoles(_ *store.Tx, _ vox.Principal, p GetRolesParams) (RolesReply, error) {
	if p.GroupName != "" && p.GroupName != groupName {
		return RolesReply{[]RoleRow{}}, nil
	}
	return RolesReply{reply.Rows(vox.Roles(), roleRow)}, nil
}
