package lab

// MemberError is a mistake in one member of a request.
type MemberError struct {
	Kind    error // [vox.ErrConflict] or [vox.ErrInvalid]
	Member  string
	Message string // the complete message
}

// Error returns the message.
func (e *MemberError) Error() string { return e.Message }

// Unwrap returns Kind, for errors.Is.
func (e *MemberError) Unwrap() error { return e.Kind }
