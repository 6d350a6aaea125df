package store

import "github.com/voxemu/voxemu/emulator/vox"

// auditLog has no indexes, so [Rows.Select] does not find its rows: every changing
// call writes a row, few read them, and there are at most [vox.MaxAuditEntries].
var auditLog = table[int64, vox.AuditEntry]{
	tag: 12, name: "audit_log",
	id:      func(e *vox.AuditEntry) int64 { return e.ID },
	account: func(e *vox.AuditEntry) int64 { return e.AccountID },
}

// AuditLog is what callers have changed.
func AuditLog(tx *Tx) Rows[int64, vox.AuditEntry] {
	return Rows[int64, vox.AuditEntry]{tx, &auditLog}
}
