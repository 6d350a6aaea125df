package emulator

// Answer has the registrar answer a registration now: 200 makes it successful,
// 300 to 699 failed, with the reason or, when that is empty, the standard one
// (RFC 3261). What the registrar says by its rules comes after that, when the
// platform asks again. Errors: [vox.ErrNotFound] for an unknown registration,
// [vox.ErrNotRegistering], [vox.ErrInvalid] for another status or a reason over
// 255 characters.
func (s *Server) Answer(registrationID int64, status int, reason string) error {
	return s.lab.Answer(registrationID, status, reason)
}

// Login lets a user log in through an SDK: the non-persistent registration that
// is bound to the user registers. Logging in twice changes nothing. Error:
// [vox.ErrNotFound] for an unknown user.
func (s *Server) Login(userID int64) error { return s.lab.Login(userID) }

// Logout lets a user log out: the non-persistent registration that is bound to
// the user goes offline. Logging out twice changes nothing. Error:
// [vox.ErrNotFound] for an unknown user.
func (s *Server) Logout(userID int64) error { return s.lab.Logout(userID) }
