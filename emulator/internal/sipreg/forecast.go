package sipreg

import (
	"fmt"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Forecast is what the registrar will say to a registration, and by what.
type Forecast struct {
	// Rule is the position of the scenario's rule that decides, from 1; 0: none.
	Rule int
	// MagicHost is the host name that decides; empty: none.
	MagicHost string
	// Offline is why the registrar is not asked at all; empty: it is.
	Offline string
	// Answers are one after the other, for example "403 Forbidden"; the last one
	// repeats.
	Answers []string
	// Delay is how long each answer takes.
	Delay time.Duration
}

// Foretell gives the forecast of a registration as it stands. Error:
// [vox.ErrInvalidRegistrationID] for an unknown one.
func Foretell(tx *store.Tx, id int64) (Forecast, error) {
	r, found := store.Registrations(tx).Get(id)
	if !found {
		return Forecast{}, vox.ErrInvalidRegistrationID.On("sip_registration_id")
	}
	s := scriptOf(tx.Settings().Registrar, &r)
	f := Forecast{Rule: s.source.rule, MagicHost: s.source.magic, Delay: s.delay}
	if r.State == vox.Offline {
		f.Offline = whyOffline(&r)
	}
	for _, a := range s.answers {
		f.Answers = append(f.Answers, fmt.Sprint(a.status, " ", a.reason))
	}
	return f, nil
}
