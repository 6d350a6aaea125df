package sipreg

import (
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// UpdateParams are the parameters of UpdateSipRegistration.
type UpdateParams struct {
	ID int64 `param:"sip_registration_id"`
	Target
	Identity
}

// Done is the reply of the methods that answer nothing but 1.
type Done struct {
	Result int `json:"result"`
}

// Update changes what is given. New credentials or servers start the
// registration over (A28).
func Update(tx *store.Tx, caller vox.Principal, p UpdateParams) (Done, error) {
	r, err := find(tx, caller, p.ID)
	if err != nil {
		return Done{}, err
	}
	bound, err := p.resolve(tx, caller.AccountID)
	if err != nil {
		return Done{}, err
	}
	user := r.UserID
	bound.apply(&r)
	followUser(tx, &r, user)
	if p.Identity.apply(&r) {
		start(tx, &r)
	}
	return Done{Result: 1}, save(tx, r)
}
