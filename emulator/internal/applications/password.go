package applications

import (
	"unicode"
	"unicode/utf8"

	"github.com/voxemu/voxemu/emulator/vox"
)

// minPassword is the least number of characters of a password (A57).
const minPassword = 8

// strongEnough requires an upper-case and a lower-case letter, a digit and another
// character (A57).
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

func weakPassword() error {
	return vox.ErrInvalidPassword.On("user_password").Because("8 characters or more, with an upper-case and a lower-case letter, a digit and another character")
}
