package sipreg

import (
	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/reply"
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
func Bind(tx *store.Tx, caller vox.Principal, p BindParams) (reply.Done, error) {
	if !p.Bind {
		return reply.OK(unbind(tx, caller, p))
	}
	r, err := find(tx, caller, p.ID)
	if err != nil {
		return reply.Done{}, err
	}
	if err := p.Target.complete(); err != nil {
		return reply.Done{}, err
	}
	if err := p.Target.bind(tx, &r); err != nil {
		return reply.Done{}, err
	}
	return reply.OK(save(tx, r))
}

// unbind removes bindings from one registration, or from all registrations that are bound
// to everything given (A18). It is no error if there are none.
func unbind(tx *store.Tx, caller vox.Principal, p BindParams) error {
	target, err := p.Target.resolveUnbinding(tx, caller.AccountID)
	if err != nil {
		return err
	}
	where := target.where()
	if p.ID != 0 {
		if _, err := find(tx, caller, p.ID); err != nil {
			return err
		}
		where = append(where, store.ByID[vox.Registration](p.ID)...)
	}
	if len(where) == 0 {
		return vox.ErrInvalidRegistrationID.On("sip_registration_id")
	}
	return target.undo(tx, store.Select(tx, store.Registrations, caller.AccountID, where, query.All()))
}
