package vox

import "slices"

// Role is what a service account may be allowed to do (docs/evidence.md#roles).
type Role string

// The roles of the service, with their names as the documentation writes them.
const (
	Owner           Role = "Owner"
	Admin           Role = "Admin"
	Support         Role = "Support"
	Supervisor      Role = "Supervisor"
	Developer       Role = "Developer"
	CallListManager Role = "CallList Manager"
	Accountant      Role = "Accountant"
	Verification    Role = "Verification"
	Scenarios       Role = "Scenarios"
	UserManager     Role = "User Manager"
	UserRead        Role = "User Read"
	UserUpdate      Role = "User Update"
	ACDManager      Role = "ACD Manager"
	ACDStats        Role = "ACD Stats"
	ACDManagement   Role = "ACD Management"
	CallHistory     Role = "CallHistory"
	Payer           Role = "Payer"
)

// Roles lists every role, the strongest first.
func Roles() []Role {
	return []Role{Owner, Admin, Support, Supervisor, Developer, CallListManager, Accountant,
		Verification, Scenarios, UserManager, UserRead, UserUpdate, ACDManager, ACDStats,
		ACDManagement, CallHistory, Payer}
}

// ID is the number of a role (role_id), 0 for an unknown one: its place in the
// documentation's list, which agrees with the numbers that are known
// (docs/evidence.md#roles, A72).
func (r Role) ID() int64 { return int64(slices.Index(Roles(), r) + 1) }

// RoleByID finds a role by its number.
func RoleByID(id int64) (Role, bool) {
	if id < 1 || id > int64(len(Roles())) {
		return "", false
	}
	return Roles()[id-1], true
}

// Includes reports whether a holder of r may do what wanted may do: Owner
// includes every role, Admin every role but Owner, a manager the roles below
// it (docs/evidence.md#roles, A8).
func (r Role) Includes(wanted Role) bool {
	switch {
	case r == wanted, r == Owner:
		return true
	case r == Admin:
		return wanted != Owner
	case r == UserManager:
		return wanted == UserRead || wanted == UserUpdate
	case r == ACDManager:
		return wanted == ACDStats || wanted == ACDManagement
	}
	return false
}

// Principal is who makes a call, once identified.
type Principal struct {
	// AccountID is the account the call acts on.
	AccountID int64
	// KeyID is the service account that signed; empty for an api_key.
	KeyID string
	// Unlimited callers need no role: an api_key has all rights
	// (docs/evidence.md#credentials).
	Unlimited bool
	// Roles are the key's roles.
	Roles []Role
	// SessionID is the session that the call was made in; empty: none.
	SessionID string
	// Host is the emulator's address as the caller wrote it, with a port.
	Host string
}

// May reports whether one of the wanted roles is held or included. A method that
// wants none is open to every caller.
func (p Principal) May(wanted []Role) bool {
	return p.Unlimited || len(wanted) == 0 || slices.ContainsFunc(p.Roles, func(held Role) bool {
		return slices.ContainsFunc(wanted, held.Includes)
	})
}
