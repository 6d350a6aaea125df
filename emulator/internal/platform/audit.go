package platform

import (
	"encoding/json"
	"strings"

	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
)

// maxArgument is how much of a value the audit log keeps, in bytes.
const maxArgument = 100

// audit notes a call that has changed something, in the transaction that changed
// it: what is in the log has happened, and what happened is in the log (A77).
func audit(tx *store.Tx, c *call) error {
	log := store.AuditLog(tx)
	id := log.NextID()
	makeRoom(log, id)
	return log.Put(vox.AuditEntry{
		ID: id, AccountID: c.caller.AccountID, Requested: tx.Now(), IP: c.address,
		Command: c.method, Arguments: arguments(c.parsed.Values),
	})
}

// auditRoom is how many of the oldest entries make room at once: one at a time
// would cost each changing call a tenth of its allocations.
const auditRoom = vox.MaxAuditEntries / 10

// makeRoom leaves the latest entries once the oldest is out of bounds, so that
// with the next one there are no more than [vox.MaxAuditEntries].
func makeRoom(log store.Rows[int64, vox.AuditEntry], next int64) {
	outdated := next - vox.MaxAuditEntries
	for entry := range log.All() {
		if entry.ID > outdated {
			return
		}
		outdated = next - vox.MaxAuditEntries + auditRoom
		log.Delete(entry.ID)
	}
}

// arguments writes parameters as JSON, by name, without secrets.
func arguments(values contract.Values) string {
	shown := make(map[string]any, len(values))
	for name, value := range values {
		if text, ok := value.(string); ok && len(text) > maxArgument {
			value = strings.ToValidUTF8(text[:maxArgument], "") + "…"
		}
		if journal.Secret(name) {
			value = "***"
		}
		shown[name] = value
	}
	text, err := json.Marshal(shown)
	if err != nil { // texts, integers and booleans always marshal
		panic(err)
	}
	return string(text)
}
