package accounts

import (
	"cmp"
	"slices"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// GetAuditLogParams are the parameters of GetAuditLog.
type GetAuditLogParams struct {
	Period
	ID             []int64  `param:"audit_log_id"`
	IP             []string `param:"filtered_ip"`
	Command        []string `param:"filtered_cmd"`
	Argument       string   `param:"advanced_filters"`
	Descending     bool     `param:"desc_order"`
	WithTotalCount bool     `param:"with_total_count"`
	Page
}

// GetAuditLogReply is the reply of GetAuditLog.
type GetAuditLogReply struct {
	Result     []AuditRow `json:"result"`
	TotalCount *int       `json:"total_count,omitempty"`
	Count      int        `json:"count"`
	Timezone   string     `json:"timezone"`
}

// AuditRow is one entry of the log (facts.md §7).
type AuditRow struct {
	ID        int64  `json:"audit_log_id"`
	AccountID int64  `json:"account_id"`
	Requested string `json:"requested"`
	IP        string `json:"ip"`
	Command   string `json:"cmd_name"`
	Arguments string `json:"cmd_args"`
}

// GetAuditLog lists the calls that changed something, the oldest first (A77).
func GetAuditLog(tx *store.Tx, caller vox.Principal, p GetAuditLogParams) (GetAuditLogReply, error) {
	period, err := p.Period.read()
	if err != nil {
		return GetAuditLogReply{}, err
	}
	entries := of(store.AuditLog(tx), func(e vox.AuditEntry) bool {
		return e.AccountID == caller.AccountID && period.has(e.Requested) && p.passes(e)
	})
	if p.Descending {
		slices.Reverse(entries)
	}
	found, counts := window(entries, p.Page)
	reply := GetAuditLogReply{Count: counts.Count, Timezone: cmp.Or(p.Timezone, utc)}
	reply.Result = each(found, func(e vox.AuditEntry) AuditRow {
		return AuditRow{e.ID, e.AccountID, period.tell(e.Requested), e.IP, e.Command, e.Arguments}
	})
	if p.WithTotalCount {
		reply.TotalCount = &counts.TotalCount
	}
	return reply, nil
}

func (p GetAuditLogParams) passes(e vox.AuditEntry) bool {
	return (len(p.ID) == 0 || slices.Contains(p.ID, e.ID)) &&
		(len(p.IP) == 0 || slices.Contains(p.IP, e.IP)) &&
		(len(p.Command) == 0 || slices.Contains(p.Command, e.Command)) &&
		contains(e.Arguments, p.Argument)
}
