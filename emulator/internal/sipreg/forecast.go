package sipreg

import (
	"github.com/voxemu/voxemu/emulator/internal/registrar"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Forecast returns the forecast for a registration in its current state. Error:
// [vox.ErrInvalidRegistrationID] for an unknown id.
func Forecast(tx *store.Tx, id int64) (vox.Forecast, error) {
	r, found := store.Get(tx, store.Registrations, id)
	if !found {
		return vox.Forecast{}, vox.ErrInvalidRegistrationID.On("sip_registration_id")
	}
	f := registrar.Of(tx.Settings().Registrar, &r).Forecast()
	if r.State == vox.Offline {
		f.Offline = whyOffline(&r)
	}
	return f, nil
}
