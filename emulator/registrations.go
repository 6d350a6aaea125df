package emulator

import "github.com/voxemu/voxemu/emulator/vox"

// Registration returns a registration, with its password, after running everything that is
// due. Error: [vox.ErrNotFound].
func (s *Server) Registration(id int64) (vox.Registration, error) { return s.lab.RegistrationRow(id) }

// Registrations returns all registrations by id, like [Server.Registration].
func (s *Server) Registrations() []vox.Registration { return s.lab.RegistrationRows() }

// Answer makes the registrar answer a registration now: 200 makes it successful, 300 to
// 699 failed with the given reason or, if it is empty, the standard one (RFC 3261). The
// platform's next attempt gets the registrar's usual answer. Errors: [vox.ErrNotFound]
// for an unknown registration, [vox.ErrNotRegistering], or [vox.ErrInvalid] for another
// status or a reason over 255 characters.
func (s *Server) Answer(registrationID int64, status int, reason string) error {
	return s.lab.Answer(registrationID, status, reason)
}

// Login logs a user in through an SDK: the non-persistent registration bound to the user
// registers. It has no effect if the user is logged in. Error: [vox.ErrNotFound] for an
// unknown user.
func (s *Server) Login(userID int64) error { return s.lab.Login(userID) }

// Logout logs a user out: the non-persistent registration bound to the user goes offline.
// It has no effect if the user is not logged in. Error: [vox.ErrNotFound] for an unknown
// user.
func (s *Server) Logout(userID int64) error { return s.lab.Logout(userID) }
