package scenarios

import (
	"encoding/json"

	"github.com/voxemu/voxemu/emulator/vox"
)

func (d *draft) auditTable() table[int64, vox.AuditEntry] {
	return table[int64, vox.AuditEntry]{
		name:  "audit_log",
		list:  func(s *Scenario) *[]vox.AuditEntry { return &s.AuditLog },
		id:    func(e vox.AuditEntry) int64 { return e.ID },
		owner: func(e *vox.AuditEntry) *int64 { return &e.AccountID },
		judge: func(c checker, e *vox.AuditEntry) {
			c.text("command", e.Command, true)
			c.text("ip", e.IP, false)
			c.object("arguments", e.Arguments)
			c.object("result", e.Result)
			c.owner(e.AccountID)
		},
	}
}

// object refuses a text that is not a JSON object; none is fine.
func (c checker) object(field, text string) {
	var members map[string]json.RawMessage
	if text != "" && (json.Unmarshal([]byte(text), &members) != nil || members == nil) {
		c.refuse(field, `want a JSON object such as {"user_id": 77}, or none`)
	}
}
