package scenarios

import "github.com/voxemu/voxemu/emulator/vox"

func (d *draft) auditTable() table[int64, vox.AuditEntry] {
	return table[int64, vox.AuditEntry]{
		name:  "audit_log",
		list:  func(s *Scenario) *[]vox.AuditEntry { return &s.AuditLog },
		id:    func(e vox.AuditEntry) int64 { return e.ID },
		owner: func(e *vox.AuditEntry) *int64 { return &e.AccountID },
		judge: func(c checker, e *vox.AuditEntry) {
			c.text("command", e.Command, true)
			c.text("ip", e.IP, false)
			c.owner(e.AccountID)
		},
	}
}
