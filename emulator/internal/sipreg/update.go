package sipreg

import (
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// UpdateParams are the parameters of UpdateSipRegistration.
type UpdateParams struct {
	ID int64 `param:"sip_registration_id"`
	Target
	Identity
}

// Update sets the given values. New credentials or servers restart the registration
// (A28).
func Update(tx *store.Tx, caller vox.Principal, p UpdateParams) (reply.Done, error) {
	r, err := find(tx, caller, p.ID)
	if err != nil {
		return reply.Done{}, err
	}
	if err := p.Target.bind(tx, &r); err != nil {
		return reply.Done{}, err
	}
	if p.Identity.apply(&r) {
		start(tx, &r)
	}
	return reply.OK(save(tx, r))
}
