package vox

import "time"

// Session is the result of Logon and a third kind of credentials
// (docs/evidence.md#credentials). It grants the current rights of the caller that logged
// on.
type Session struct {
	// ID is the secret that callers send as session_id; letters and digits.
	ID string `yaml:"session_id" jsonschema:"required" secret:"true"`
	// AccountID is the account that logged on; default: the only account of the file.
	AccountID int64 `yaml:"account_id,omitempty"`
	// KeyID is the service account that logged on; empty: the api_key or the password
	// was used.
	KeyID string `yaml:"key_id,omitempty"`
	// Expires is the end of the session, on the emulator's clock; default: 8 hours after
	// loading, see [SessionLife] (A66).
	Expires time.Time `yaml:"expires,omitempty"`
}

// SessionLife is the lifetime of a session, which is that of a login to the service's
// panel (A66).
const SessionLife = 8 * time.Hour
