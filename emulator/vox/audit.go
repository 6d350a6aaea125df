package vox

import "time"

// AuditEntry is one successful call that changed something (GetAuditLog,
// docs/evidence.md#audit-log). It holds no secret.
type AuditEntry struct {
	// ID identifies the entry (audit_log_id); required, positive.
	ID int64 `yaml:"id" jsonschema:"required"`
	// AccountID is the account that the call acted on; default: the only account
	// of its file.
	AccountID int64 `yaml:"account_id,omitempty"`
	// Requested is when; default: the moment of loading.
	Requested time.Time `yaml:"requested,omitempty"`
	// IP is where the call came from, without a port.
	IP string `yaml:"ip,omitempty"`
	// Command is the method.
	Command string `yaml:"command" jsonschema:"required"`
	// Arguments are the method's parameters, a JSON object: lists are arrays,
	// secrets masked, long values cut.
	Arguments string `yaml:"arguments,omitempty"`
	// Result is the reply, a JSON object with secrets masked.
	Result string `yaml:"result,omitempty"`
}

// MaxAuditEntries is how many of the latest entries an emulator keeps at most; it
// keeps at least nine tenths of them (A77).
const MaxAuditEntries = 1000
