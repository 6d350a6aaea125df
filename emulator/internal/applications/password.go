package applications

import (
	"unicode"
	"unicode/utf8"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Minimum lengths of passwords: in the documentation, and in the older text of error 112
// (A57).
const (
	minPassword        = 8
	minLenientPassword = 6
)

// checkPassword applies the rules that behaviour.password_policy selects (A57).
func checkPassword(tx *store.Tx, password string) error {
	if tx.Settings().Behaviour.PasswordPolicy == vox.PasswordPolicyLenient {
		if utf8.RuneCountInString(password) < minLenientPassword {
			return vox.ErrInvalidPassword.On("user_password").Because("6 characters or more")
		}
		return nil
	}
	if !strongEnough(password) {
		return vox.ErrInvalidPassword.On("user_password").Because("8 characters or more, with an upper-case and a lower-case letter, a digit and another character")
	}
	return nil
}

// strongEnough requires an upper-case and a lower-case letter, a digit and another
// character.
func strongEnough(password string) bool {
	var upper, lower, digit, special bool
	for _, r := range password {
		switch {
		case unicode.IsUpper(r):
			upper = true
		case unicode.IsLower(r):
			lower = true
		case unicode.IsDigit(r):
			digit = true
		default:
			special = true
		}
	}
	return utf8.RuneCountInString(password) >= minPassword && upper && lower && digit && special
}
