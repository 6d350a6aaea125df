package sipreg

import (
	"fmt"
	"unicode/utf8"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/registrar"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Interventions of a test that the API does not offer.

// longestReason is the maximum number of characters of a reason, as in scenarios (A24).
const longestReason = 255

// Answer makes the registrar answer a registration now. It does not consume an answer of
// the registrar's sequence, which continues with the platform's next attempt.
func Answer(tx *store.Tx, id, status int64, reason string) error {
	switch {
	case !registrar.Answerable(status):
		return fmt.Errorf("status_code: want 200 or 300 to 699, found %d", status)
	case utf8.RuneCountInString(reason) > longestReason:
		return fmt.Errorf("reason: want at most %d characters", longestReason)
	}
	r, found := store.Get(tx, store.Registrations, id)
	if !found {
		return fmt.Errorf("there is no registration %d%s: %w", id, whyGone(tx, id), vox.ErrInvalidRegistrationID.On("sip_registration_id"))
	}
	if r.State == vox.Offline {
		return fmt.Errorf("registration %d %s: %w", id, whyOffline(&r), vox.ErrNotRegistering)
	}
	applyAnswer(tx, &r, registrar.Of(tx.Settings().Registrar, &r), registrar.AnswerOf(status, reason), 1)
	return store.Put(tx, store.Registrations, r)
}

// whyGone explains a missing id that was once given.
func whyGone(tx *store.Tx, id int64) string {
	if id < 1 || id >= store.NextID(tx, store.Registrations) {
		return ""
	}
	why := " any more: a client has deleted it"
	if after := tx.Settings().Billing.DetachAfter; after > 0 {
		why += fmt.Sprintf(", or it was frozen for %d days, after which the platform removes it", int(after.Hours()/24))
	}
	return why
}

func whyOffline(r *vox.Registration) string {
	if r.Deactivated {
		return "is frozen (deactivated)"
	}
	if r.NonPersistent {
		return "is non-persistent and its user is not logged in"
	}
	return "is offline by the scenario"
}

// Login logs a user in: non-persistent registrations that are bound to the user start to
// register (docs/evidence.md#persistence).
func Login(tx *store.Tx, userID int64) error { return setLoggedIn(tx, userID, true) }

// Logout logs a user out: non-persistent registrations that are bound to the user go
// offline.
func Logout(tx *store.Tx, userID int64) error { return setLoggedIn(tx, userID, false) }

func setLoggedIn(tx *store.Tx, id int64, loggedIn bool) error {
	user, found := store.Get(tx, store.Users, id)
	if !found {
		return fmt.Errorf("there is no user %d: %w", id, vox.ErrInvalidUserID.On("user_id"))
	}
	if user.LoggedIn == loggedIn {
		return nil
	}
	user.LoggedIn = loggedIn
	if err := store.Put(tx, store.Users, user); err != nil {
		return err
	}
	for _, r := range store.Select(tx, store.Registrations, user.AccountID, binding{user: id}.where(), query.All()) {
		if !r.NonPersistent {
			continue
		}
		start(tx, &r)
		if err := store.Put(tx, store.Registrations, r); err != nil {
			return err
		}
	}
	return nil
}
