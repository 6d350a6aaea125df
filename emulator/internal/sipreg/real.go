package sipreg

import (
	"time"

	"github.com/voxemu/voxemu/emulator/internal/registrar"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/sip"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Binding returns what a registration registers at its PBX; false: its registrar is
// simulated, or not asked.
func Binding(tx *store.Tx, r *vox.Registration) (sip.Binding, bool) {
	if r == nil || r.State == vox.Offline || !registrar.IsReal(tx.Settings().Registrar, r) {
		return sip.Binding{}, false
	}
	return sip.Binding{
		RegistrationID: r.ID, AccountID: r.AccountID, SIPUsername: r.SIPUsername, Proxy: r.Proxy,
		AuthUser: r.AuthUser, OutboundProxy: r.OutboundProxy, Password: r.Password,
	}, true
}

// Heard stores the answer of a PBX to an attempt with a binding. failures is the number of
// consecutive failures, this one included. It returns the time until the platform's next
// attempt, which is the same as with a simulated registrar; false: there is none. An
// answer for a registration that has changed meanwhile has no effect.
func Heard(tx *store.Tx, b sip.Binding, a sip.Answer, failures int64) (time.Duration, bool, error) {
	r, ok := store.Get(tx, store.Registrations, b.RegistrationID)
	if now, wanted := Binding(tx, &r); !ok || !wanted || now != b {
		return 0, false, nil
	}
	answer := registrar.AnswerOf(a.StatusCode, a.Reason)
	r.Answers++
	applyAnswer(tx, &r, registrar.Of(tx.Settings().Registrar, &r), answer, failures)
	next, again := pause(&r, a.Expires, answer, failures)
	return next, again, store.Put(tx, store.Registrations, r)
}

// RestartReal starts all real registrations anew, because they were started before the
// server's option made them real.
func RestartReal(tx *store.Tx) error {
	var list []vox.Registration
	for r := range store.All(tx, store.Registrations) {
		if _, ok := Binding(tx, &r); ok {
			list = append(list, r)
		}
	}
	for _, r := range list {
		start(tx, &r)
		if err := store.Put(tx, store.Registrations, r); err != nil {
			return err
		}
	}
	return nil
}
