package vox

import "time"

// AuditEntry is one successful call that changed something (GetAuditLog,
// docs/evidence.md#audit-log). It contains no secret.
type AuditEntry struct {
	// ID is audit_log_id; required, positive.
	ID int64 `yaml:"id" jsonschema:"required"`
	// AccountID is the account that was changed; default: the only account of the file.
	AccountID int64 `yaml:"account_id,omitempty"`
	// Requested is the time of the call; default: the time of loading.
	Requested time.Time `yaml:"requested,omitempty"`
	// IP is the caller's address, without a port.
	IP string `yaml:"ip,omitempty"`
	// Command is the name of the method; required.
	Command string `yaml:"command" jsonschema:"required"`
	// Arguments are the method's parameters as a JSON object: lists are arrays, secrets
	// are masked, long values are cut.
	Arguments string `yaml:"arguments,omitempty"`
	// Result is the reply as a JSON object, with secrets masked.
	Result string `yaml:"result,omitempty"`
}

// MaxAuditEntries is the maximum number of entries that an emulator keeps. It drops the
// oldest and always keeps at least nine tenths of this number (A77).
const MaxAuditEntries = 1000
