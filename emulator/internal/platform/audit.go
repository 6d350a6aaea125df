package platform

import (
	"encoding/json"
	"strings"

	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/internal/requestlog"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// maxArgument is the maximum number of bytes of a value in the audit log.
const maxArgument = 100

// audit records a request that has changed something. It runs in the same transaction, so
// that the log contains exactly the changes that were committed (A77).
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

// auditRoom is the number of oldest entries that are deleted together. Deleting them one
// by one would add a tenth to the allocations of each changing request.
const auditRoom = vox.MaxAuditEntries / 10

// makeRoom deletes old entries so that with the next one there are at most
// [vox.MaxAuditEntries].
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

// arguments returns the parameters as a JSON object, without secrets.
func arguments(spec *contract.Method, values contract.Values) string {
	shown := make(map[string]any, len(values))
	for name, value := range values {
		text, isText := value.(string)
		switch {
		case vox.IsSecretName(name):
			value = "***"
		case isText:
			value = argument(spec, name, text)
		}
		shown[name] = value
	}
	text, err := json.Marshal(shown)
	if err != nil { // cannot happen: texts, integers, booleans and lists of them always marshal
		panic(err)
	}
	return string(text)
}

// argument returns a text, or the elements of a list, cut after maxArgument bytes.
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
