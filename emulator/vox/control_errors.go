package vox

import "errors"

// What the control API and the methods of a server return when they will not do
// what was asked; errors.Is finds it behind a text that says what exactly.
var (
	// ErrForbidden: the server was started without allowing it.
	ErrForbidden = errors.New("forbidden")
	// ErrNotFound: there is no such thing.
	ErrNotFound = errors.New("not found")
	// ErrConflict: the state as it is does not allow it.
	ErrConflict = errors.New("conflict")
	// ErrNotRegistering refuses an answer for a registration that is frozen, or
	// non-persistent without a logged-in user: its registrar is not asked.
	ErrNotRegistering = errors.New("the registration is not registering")
)
