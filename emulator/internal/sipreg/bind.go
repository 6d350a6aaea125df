package sipreg

import (
	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// BindParams are the parameters of BindSipRegistration.
type BindParams struct {
	ID int64 `param:"sip_registration_id"`
	Target
	Bind bool `param:"bind"`
}

// Bind binds a registration to an application, rule and user, or unbinds it.
func Bind(tx *store.Tx, caller vox.Principal, p BindParams) (Done, error) {
	if !p.Bind {
		return unbind(tx, caller, p)
	}
	r, err := find(tx, caller, p.ID)
	if err != nil {
		return Done{}, err
	}
	if err := p.Target.complete(); err != nil {
		return Done{}, err
	}
	bound, err := p.resolve(tx, caller.AccountID)
	if err != nil {
		return Done{}, err
	}
	user := r.UserID
	bound.apply(&r)
	followUser(tx, &r, user)
	return Done{Result: 1}, save(tx, r)
}

// complete refuses a user or a rule's name without an application, and nothing
// at all; a rule's id implies its application (API page, A19).
func (t Target) complete() error {
	if t.ApplicationID != 0 || t.ApplicationName != "" {
		return nil
	}
	if t.RuleID == 0 || t.RuleName != "" || t.UserID != 0 || t.UserName != "" {
		return vox.ErrMissingParameter.On("application_id").Because("what to bind to")
	}
	return nil
}

// unbind undoes bindings: of one registration, or of every registration that
// is bound to all that is given (A18). Unbinding nothing is fine.
func unbind(tx *store.Tx, caller vox.Principal, p BindParams) (Done, error) {
	target, err := p.unbinding(tx, caller)
	if err != nil {
		return Done{}, err
	}
	where := target.where()
	if p.ID != 0 {
		if _, err := find(tx, caller, p.ID); err != nil {
			return Done{}, err
		}
		where = append(where, query.Is("id", p.ID))
	}
	if len(where) == 0 {
		return Done{}, vox.ErrInvalidRegistrationID.On("sip_registration_id")
	}
	bound, err := store.Registrations(tx).Select(caller.AccountID, where, query.All())
	if err != nil {
		return Done{}, err
	}
	for _, r := range bound {
		user := r.UserID
		target.clear(&r)
		followUser(tx, &r, user)
		if err := store.Registrations(tx).Put(r); err != nil {
			return Done{}, err
		}
	}
	return Done{Result: 1}, nil
}

// unbinding resolves the target without deriving or demanding an application:
// a user may be unbound alone (facts.md §5.3).
func (p BindParams) unbinding(tx *store.Tx, caller vox.Principal) (binding, error) {
	var b binding
	var err error
	if b.application, err = p.application().Resolve(tx, caller.AccountID, 0); err != nil {
		return b, err
	}
	if b.rule, err = p.rule().Resolve(tx, caller.AccountID, b.application); err != nil {
		return b, err
	}
	b.user, err = p.user().Resolve(tx, caller.AccountID, b.application)
	return b, err
}
