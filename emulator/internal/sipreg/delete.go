package sipreg

import (
	"github.com/voxemu/voxemu/emulator/internal/billing"
	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// DeleteParams are the parameters of DeleteSipRegistration.
type DeleteParams struct {
	ID int64 `param:"sip_registration_id"`
}

// Delete deletes a registration and charges the money on hold, unless
// behaviour.deleted_registration is refunded (A38).
func Delete(tx *store.Tx, caller vox.Principal, p DeleteParams) (reply.Done, error) {
	r, err := find(tx, caller, p.ID)
	if err != nil {
		return reply.Done{}, err
	}
	if err := billing.Settle(tx, &r); err != nil {
		return reply.Done{}, err
	}
	store.Delete(tx, store.Registrations, r.ID)
	return reply.OK(nil)
}
