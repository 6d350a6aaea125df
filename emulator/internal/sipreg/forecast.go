package sipreg

import (
	"fmt"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Forecast returns the forecast for a registration in its current state. Error:
// [vox.ErrInvalidRegistrationID] for an unknown id.
func Forecast(tx *store.Tx, id int64) (vox.Forecast, error) {
	r, found := store.Registrations(tx).Get(id)
	if !found {
		return vox.Forecast{}, vox.ErrInvalidRegistrationID.On("sip_registration_id")
	}
	s := scriptOf(tx.Settings().Registrar, &r)
	f := vox.Forecast{Rule: s.source.rule, MagicHost: s.source.magic, Delay: s.delay}
	if r.State == vox.Offline {
		f.Offline = whyOffline(&r)
	}
	for _, a := range s.answers {
		f.Answers = append(f.Answers, fmt.Sprint(a.status, " ", a.reason))
	}
	return f, nil
}
