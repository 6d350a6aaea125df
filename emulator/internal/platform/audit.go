package platform

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/internal/jsontext"
	"github.com/voxemu/voxemu/emulator/internal/requestlog"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// maxArgument is the maximum number of bytes of a value in the audit log.
const maxArgument = 100

// audit records a request that has changed something. It runs in the same transaction, so
// that the log contains exactly the changes that were committed (A77).
func audit(tx *store.Tx, c *call) error {
	makeRoom(tx)
	if err := c.encode(); err != nil {
		return err
	}
	return store.Put(tx, store.AuditLog, vox.AuditEntry{
		ID: store.NextID(tx, store.AuditLog), AccountID: c.caller.AccountID, Requested: tx.Now(), IP: c.address,
		Command: c.method, Arguments: arguments(c.endpoint.spec, c.parsed.Values), Result: requestlog.MaskBody(c.resultJSON),
	})
}

// auditRoom is the number of oldest entries that are deleted together. Deleting them one
// by one would add a tenth to the allocations of each changing request.
const auditRoom = vox.MaxAuditEntries / 10

// makeRoom deletes the oldest entries so that with the next one there are at most
// [vox.MaxAuditEntries].
func makeRoom(tx *store.Tx) {
	count := store.Len(tx, store.AuditLog)
	if count < vox.MaxAuditEntries {
		return
	}
	excess := count - vox.MaxAuditEntries + auditRoom
	for entry := range store.All(tx, store.AuditLog) {
		if excess--; excess < 0 {
			return
		}
		store.Delete(tx, store.AuditLog, entry.ID)
	}
}

// arguments returns the parameters as a JSON object, without secrets.
func arguments(spec *contract.Method, values contract.Values) string {
	var buffer [512]byte
	shown := jsontext.Begin(buffer[:0])
	var some [16]string
	names := some[:0]
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		value := values[name]
		if vox.IsSecretName(name) {
			value = "***"
		}
		switch value := value.(type) {
		case int64:
			shown = shown.Int(name, value)
		case bool:
			shown = shown.Bool(name, value)
		case string:
			shown = appendArgument(shown.Name(name), spec, name, value)
		}
	}
	return string(shown.End())
}

// appendArgument appends a text, or the elements of a list, cut after maxArgument bytes.
func appendArgument(shown []byte, spec *contract.Method, name, text string) []byte {
	kept := text[:min(len(text), maxArgument)]
	if last := strings.LastIndexByte(kept, ';'); last > 0 && len(kept) < len(text) && spec.IsList(name) {
		kept = kept[:last]
	}
	if elements, ok := spec.Elements(name, kept); ok {
		list, err := json.Marshal(elements)
		if err != nil { // cannot happen: lists of integers and texts always marshal
			panic(err)
		}
		return append(shown, list...)
	}
	if len(kept) < len(text) {
		text = strings.ToValidUTF8(kept, "") + "…"
	}
	return jsontext.AppendString(shown, text)
}
