package lab

// MemberError is what is wrong with one member of a request.
type MemberError struct {
	Kind    error // [vox.ErrConflict] or [vox.ErrInvalid]
	Member  string
	Message string // the whole one, for people
}

// Error is the message.
func (e *MemberError) Error() string { return e.Message }

// Unwrap gives errors.Is the kind.
func (e *MemberError) Unwrap() error { return e.Kind }
