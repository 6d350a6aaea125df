package accounts

import (
	"slices"

	"github.com/voxemu/voxemu/emulator/vox"
)

// RoleSet names roles by id or by name, not both.
type RoleSet struct {
	RoleID   []int64  `param:"role_id"`
	RoleName []string `param:"role_name"`
}

// resolve returns the roles without duplicates, the strongest first.
func (s RoleSet) resolve() ([]vox.Role, error) {
	if len(s.RoleID) > 0 && len(s.RoleName) > 0 {
		return nil, vox.ErrRoleIDAndName.On("role_name")
	}
	var roles []vox.Role
	for _, id := range s.RoleID {
		role, ok := vox.RoleByID(id)
		if !ok {
			return nil, vox.ErrInvalidRoleID.On("role_id").Because("ids as GetRoles gives them")
		}
		roles = append(roles, role)
	}
	for _, name := range s.RoleName {
		if !slices.Contains(vox.Roles(), vox.Role(name)) {
			return nil, vox.ErrInvalidRoleName.On("role_name").Because("names as GetRoles gives them")
		}
		roles = append(roles, vox.Role(name))
	}
	return ordered(roles), nil
}

// required is [RoleSet.resolve], but at least one role must be named.
func (s RoleSet) required() ([]vox.Role, error) {
	if len(s.RoleID) == 0 && len(s.RoleName) == 0 {
		return nil, vox.ErrMissingParameter.On("role_id")
	}
	return s.resolve()
}

func ordered(roles []vox.Role) []vox.Role {
	slices.SortFunc(roles, func(a, b vox.Role) int { return int(a.ID() - b.ID()) })
	return slices.Compact(roles)
}

// RoleRow is a role in a reply (docs/evidence.md#roles).
type RoleRow struct {
	Name      string  `json:"role_name"`
	ID        int64   `json:"role_id"`
	Inherited *bool   `json:"inherited,omitempty"`
	ParentIDs []int64 `json:"parent_role_id,omitempty"`
	ChildIDs  []int64 `json:"child_ids,omitempty"`
	GUIOnly   bool    `json:"gui_only"`
}

func roleRow(role vox.Role) RoleRow { return RoleRow{Name: string(role), ID: role.ID(), GUIOnly: true} }

// relatedRow adds the roles that include the role, and those that it includes.
func relatedRow(role vox.Role, inherited bool) RoleRow {
	row := roleRow(role)
	row.Inherited = &inherited
	for _, other := range vox.Roles() {
		switch {
		case other == role:
		case other.Includes(role):
			row.ParentIDs = append(row.ParentIDs, other.ID())
		case role.Includes(other):
			row.ChildIDs = append(row.ChildIDs, other.ID())
		}
	}
	return row
}
