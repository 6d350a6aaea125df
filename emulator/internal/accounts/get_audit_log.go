package accounts

import (
	"cmp"
	"encoding/json"

	"github.com/voxemu/voxemu/emulator/internal/reply"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// GetAuditLogParams are the parameters of GetAuditLog.
type GetAuditLogParams struct {
	History
	ID      []int64  `param:"audit_log_id"`
	IP      []string `param:"filtered_ip"`
	Command []string `param:"filtered_cmd"`
	Related string   `param:"advanced_filters"`
}

// AuditRow is an entry in the reply (docs/evidence.md#audit-log).
type AuditRow struct {
	ID        int64           `json:"audit_log_id"`
	AccountID int64           `json:"account_id"`
	Requested string          `json:"requested"`
	IP        string          `json:"ip"`
	Command   string          `json:"cmd_name"`
	Arguments json.RawMessage `json:"cmd_args"`
	Result    json.RawMessage `json:"cmd_result,omitempty"`
}

// GetAuditLog lists the calls that changed something, the oldest first (A77).
func GetAuditLog(tx *store.Tx, caller vox.Principal, p GetAuditLogParams) (HistoryReply[AuditRow], error) {
	p.History = p.in(tx, caller)
	period, err := p.History.period()
	if err != nil {
		return HistoryReply[AuditRow]{}, err
	}
	entries := all(tx, store.AuditLog, func(e vox.AuditEntry) bool {
		return e.AccountID == caller.AccountID && period.has(e.Requested) && p.passes(e)
	})
	return historyReply(p.History, entries, func(e vox.AuditEntry) AuditRow {
		return AuditRow{
			e.ID, e.AccountID, period.format(e.Requested), e.IP, e.Command,
			json.RawMessage(cmp.Or(e.Arguments, "{}")), json.RawMessage(e.Result),
		}
	}), nil
}

func (p GetAuditLogParams) passes(e vox.AuditEntry) bool {
	return fits(p.ID, e.ID) && fits(p.IP, e.IP) && fits(p.Command, e.Command) &&
		(reply.Contains(e.Arguments, p.Related) || reply.Contains(e.Result, p.Related))
}
