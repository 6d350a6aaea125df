package store

import "github.com/voxemu/voxemu/emulator/vox"

// AuditLog is the audit log. It has no indexes, so [Select] does not support it: each
// change adds a row, rows are rarely read, and there are at most [vox.MaxAuditEntries].
var AuditLog = newTable("audit_log",
	func(e *vox.AuditEntry) int64 { return e.ID },
	func(e *vox.AuditEntry) int64 { return e.AccountID },
)
