package platform

import (
	"encoding/json"
	"strings"

	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/internal/requestlog"
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
	result, err := json.Marshal(c.result)
	if err != nil {
		return err
	}
	return log.Put(vox.AuditEntry{
		ID: id, AccountID: c.caller.AccountID, Requested: tx.Now(), IP: c.address,
		Command: c.method, Arguments: arguments(c.endpoint.spec, c.parsed.Values), Result: requestlog.MaskBody(result),
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

// arguments writes parameters as a JSON object, by name, without secrets.
func arguments(spec *contract.Method, values contract.Values) string {
	shown := make(map[string]any, len(values))
	for name, value := range values {
		text, isText := value.(string)
		switch {
		case journal.Secret(name):
			value = "***"
		case isText:
			value = argument(spec, name, text)
		}
		shown[name] = value
	}
	text, err := json.Marshal(shown)
	if err != nil { // texts, integers, booleans and lists of them always marshal
		panic(err)
	}
	return string(text)
}

// argument is a text, or the elements of a list, as far as the log keeps them.
func argument(spec *contract.Method, name, text string) any {
	kept := text[:min(len(text), maxArgument)]
	if last := strings.LastIndexByte(kept, ';'); last > 0 && len(kept) < len(text) && spec.IsList(name) {
		kept = kept[:last]
	}
	if elements, ok := spec.Elements(name, kept); ok {
		return elements
	}
	if len(kept) < len(text) {
		return strings.ToValidUTF8(kept, "") + "…"
	}
	return text
}
