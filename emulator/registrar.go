package emulator

import (
	"github.com/voxemu/voxemu/emulator/internal/sipreg"
	"github.com/voxemu/voxemu/emulator/internal/store"
)

// ErrNotRegistering refuses an answer for a registration that is frozen, or
// non-persistent without a logged-in user: its registrar is not asked.
var ErrNotRegistering = sipreg.ErrNotRegistering

// Answer has the registrar answer a registration now: 200 makes it successful,
// 300 to 699 failed, with the reason or, when that is empty, the standard one
// (RFC 3261). What the registrar says by its rules comes after that, when the
// platform asks again. Errors: [vox.ErrInvalidRegistrationID] for an unknown
// registration, [ErrNotRegistering], another status, a reason over 255
// characters.
func (s *Server) Answer(registrationID int64, status int, reason string) error {
	return s.change(func(tx *store.Tx) error { return sipreg.Answer(tx, registrationID, int64(status), reason) })
}

// Login lets a user log in through an SDK: the non-persistent registration that
// is bound to the user registers (facts.md §5.2). Logging in twice changes
// nothing. Error: [vox.ErrInvalidUserID] for an unknown user.
func (s *Server) Login(userID int64) error {
	return s.change(func(tx *store.Tx) error { return sipreg.Login(tx, userID) })
}

// Logout lets a user log out: the non-persistent registration that is bound to
// the user goes offline. Logging out twice changes nothing. Error:
// [vox.ErrInvalidUserID] for an unknown user.
func (s *Server) Logout(userID int64) error {
	return s.change(func(tx *store.Tx) error { return sipreg.Logout(tx, userID) })
}
