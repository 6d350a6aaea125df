package sipreg

import (
	"slices"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// binding is a resolved [Target]; zero: not given.
type binding struct{ application, rule, user int64 }

// apply sets the given ids. Binding to another application clears a rule or user of the
// old one (A20).
func (b binding) apply(r *vox.Registration) {
	if b.application != 0 && b.application != r.ApplicationID {
		r.ApplicationID, r.RuleID, r.UserID = b.application, 0, 0
	}
	if b.rule != 0 {
		r.RuleID = b.rule
	}
	if b.user != 0 {
		r.UserID = b.user
	}
}

// where returns the filters for registrations that are bound to all given ids.
func (b binding) where() store.Where[vox.Registration] {
	var where store.Where[vox.Registration]
	if b.application != 0 {
		where = append(where, store.RegistrationApplication.Is(b.application)...)
	}
	if b.rule != 0 {
		where = append(where, store.RegistrationRule.Is(b.rule)...)
	}
	if b.user != 0 {
		where = append(where, store.RegistrationUser.Is(b.user)...)
	}
	return where
}

// clear removes the binding to the user, else to the rule. If neither is given, it
// removes the application with rule and user, which belong to it (A18).
func (b binding) clear(r *vox.Registration) {
	switch {
	case b.user != 0 || b.rule != 0:
		if b.user != 0 {
			r.UserID = 0
		}
		if b.rule != 0 {
			r.RuleID = 0
		}
	default:
		r.ApplicationID, r.RuleID, r.UserID = 0, 0, 0
	}
}

// undo clears the binding in registrations. A non-persistent one that loses its user goes
// offline, because it registers only while its user is logged in
// (docs/evidence.md#persistence).
func (b binding) undo(tx *store.Tx, bound []vox.Registration) error {
	for _, r := range bound {
		user := r.UserID
		b.clear(&r)
		followUser(tx, &r, user)
		if err := store.Put(tx, store.Registrations, r); err != nil {
			return err
		}
	}
	return nil
}

// save stores a registration. A user has at most one, so save unbinds the user's previous
// registration, without an error (API page).
func save(tx *store.Tx, r vox.Registration) error {
	if err := checkUserBinding(tx, r); err != nil {
		return err
	}
	if r.UserID != 0 {
		if err := unbindOthers(tx, r); err != nil {
			return err
		}
	}
	return store.Put(tx, store.Registrations, r)
}

func unbindOthers(tx *store.Tx, r vox.Registration) error {
	user := binding{user: r.UserID}
	holders := store.Select(tx, store.Registrations, r.AccountID, user.where(), query.All())
	return user.undo(tx, slices.DeleteFunc(holders, func(previous vox.Registration) bool { return previous.ID == r.ID }))
}

// checkUserBinding applies behaviour.user_binding, because two documents contradict each
// other (A2).
func checkUserBinding(tx *store.Tx, r vox.Registration) error {
	if r.UserID == 0 {
		return nil
	}
	switch rule := tx.Settings().Behaviour.UserBinding; {
	case rule == vox.UserBindingNonPersistentOnly && !r.NonPersistent:
		return vox.ErrPersistent.On("user_id")
	case rule == vox.UserBindingPersistentOnly && r.NonPersistent:
		return vox.ErrInvalidParameter.On("is_persistent").Because("true beside a user")
	}
	return nil
}

// find returns the caller's registration. Registrations of other accounts give the error
// for unknown ids (A21).
func find(tx *store.Tx, caller vox.Principal, id int64) (vox.Registration, error) {
	r, ok := store.Get(tx, store.Registrations, id)
	if !ok || r.AccountID != caller.AccountID {
		return vox.Registration{}, vox.ErrInvalidRegistrationID.On("sip_registration_id")
	}
	return r, nil
}
