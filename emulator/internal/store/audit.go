package store

import "github.com/voxemu/voxemu/emulator/vox"

// auditLog has no indexes, so [Rows.Select] does not support it: each change adds a row,
// rows are rarely read, and there are at most [vox.MaxAuditEntries].
var auditLog = newKind("audit_log",
	func(e *vox.AuditEntry) int64 { return e.ID },
	func(e *vox.AuditEntry) int64 { return e.AccountID },
)

// AuditLog returns the audit log.
func AuditLog(tx *Tx) Rows[int64, vox.AuditEntry] {
	return Rows[int64, vox.AuditEntry]{tx, auditLog}
}
