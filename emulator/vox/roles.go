package vox

import "slices"

// Role is a role of a service account (docs/evidence.md#roles).
type Role string

// The roles of the service, with the names of its documentation.
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

// Roles returns all roles, the strongest first.
func Roles() []Role {
	return []Role{Owner, Admin, Support, Supervisor, Developer, CallListManager, Accountant,
		Verification, Scenarios, UserManager, UserRead, UserUpdate, ACDManager, ACDStats,
		ACDManagement, CallHistory, Payer}
}

// ID returns the number of a role (role_id): its position in the documentation's list,
// which agrees with the known numbers (docs/evidence.md#roles, A72); 0 if unknown.
func (r Role) ID() int64 { return int64(slices.Index(Roles(), r) + 1) }

// RoleByID returns the role with a number; false if there is none.
func RoleByID(id int64) (Role, bool) {
	if id < 1 || id > int64(len(Roles())) {
		return "", false
	}
	return Roles()[id-1], true
}

// Includes reports whether a holder of r has the rights of wanted: Owner includes all
// roles, Admin all except Owner, a manager the roles below it (docs/evidence.md#roles,
// A8).
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

// Principal is the authenticated caller of a method.
type Principal struct {
	// AccountID is the account the call acts on.
	AccountID int64
	// KeyID is the service account that signed the token; empty for an api_key.
	KeyID string
	// Unlimited callers need no role: an api_key grants all rights
	// (docs/evidence.md#credentials).
	Unlimited bool
	// Roles are the key's roles.
	Roles []Role
	// SessionID is the session of the call; empty: none.
	SessionID string
	// Host is the emulator's address in the caller's request, with a port.
	Host string
}

// May reports whether the caller has or includes one of the wanted roles. Every caller
// may use a method that requires none.
func (p Principal) May(wanted []Role) bool {
	return p.Unlimited || len(wanted) == 0 || slices.ContainsFunc(p.Roles, func(held Role) bool {
		return slices.ContainsFunc(wanted, held.Includes)
	})
}
