package sipreg

import (
	"fmt"
	"unicode/utf8"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// What a test may do to the world around the platform, and the API cannot.

// longestReason is the most characters of a reason, as in a scenario (A24).
const longestReason = 255

// Answer has the registrar answer a registration now. It takes no answer off the
// registrar's own sequence: that goes on when the platform asks again.
func Answer(tx *store.Tx, id, status int64, reason string) error {
	switch {
	case !answerable(status):
		return fmt.Errorf("status_code: want 200 or 300 to 699, found %d", status)
	case utf8.RuneCountInString(reason) > longestReason:
		return fmt.Errorf("reason: want at most %d characters", longestReason)
	}
	r, found := store.Registrations(tx).Get(id)
	if !found {
		return fmt.Errorf("there is no registration %d: %w", id, vox.ErrInvalidRegistrationID.On("sip_registration_id"))
	}
	if r.State == vox.Offline {
		return fmt.Errorf("registration %d %s: %w", id, whyOffline(&r), vox.ErrNotRegistering)
	}
	applyAnswer(tx, &r, scriptOf(tx.Settings().Registrar, &r), answerOf(status, reason), 1)
	return store.Registrations(tx).Put(r)
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

// Login lets a user log in: non-persistent registrations that are bound to the
// user register (docs/evidence.md#persistence).
func Login(tx *store.Tx, userID int64) error { return setLoggedIn(tx, userID, true) }

// Logout lets a user log out: non-persistent registrations that are bound to the
// user go offline.
func Logout(tx *store.Tx, userID int64) error { return setLoggedIn(tx, userID, false) }

func setLoggedIn(tx *store.Tx, id int64, loggedIn bool) error {
	user, found := store.Users(tx).Get(id)
	if !found {
		return fmt.Errorf("there is no user %d: %w", id, vox.ErrInvalidUserID.On("user_id"))
	}
	if user.LoggedIn == loggedIn {
		return nil
	}
	user.LoggedIn = loggedIn
	if err := store.Users(tx).Put(user); err != nil {
		return err
	}
	bound, err := store.Registrations(tx).Select(user.AccountID, binding{user: id}.where(), query.All())
	if err != nil {
		return err
	}
	for _, r := range bound {
		if !r.NonPersistent {
			continue
		}
		start(tx, &r)
		if err := store.Registrations(tx).Put(r); err != nil {
			return err
		}
	}
	return nil
}
