package vox

import "time"

// Session is what Logon gives: a third way to say who calls (docs/evidence.md#credentials). It
// acts with the rights of whoever logged on, as they are when it is used.
type Session struct {
	// ID is the secret that the caller sends as session_id; letters and digits.
	ID string `yaml:"session_id" jsonschema:"required" secret:"true"`
	// AccountID is the account that logged on; default: the only account of its
	// file.
	AccountID int64 `yaml:"account_id,omitempty"`
	// KeyID is the service account that logged on; empty: whoever has the api_key.
	KeyID string `yaml:"key_id,omitempty"`
	// Expires is when the session ends, on the emulator's clock; default:
	// [SessionLife] after loading (A66).
	Expires time.Time `yaml:"expires,omitempty"`
}

// SessionLife is how long a session lasts (A66).
const SessionLife = 24 * time.Hour
