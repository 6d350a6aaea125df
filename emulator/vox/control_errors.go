package vox

import "errors"

// Errors of the control API and of the methods of a server. They are wrapped in an error
// that states the details; match them with errors.Is.
var (
	// ErrForbidden: an option of the server does not allow it.
	ErrForbidden = errors.New("forbidden")
	// ErrNotFound: the named object does not exist.
	ErrNotFound = errors.New("not found")
	// ErrConflict: the current state does not allow it.
	ErrConflict = errors.New("conflict")
	// ErrNotRegistering: an answer was set for a registration that is frozen, or that is
	// non-persistent and has no logged-in user. The registrar is not asked for such a
	// one.
	ErrNotRegistering = errors.New("the registration is not registering")
)
