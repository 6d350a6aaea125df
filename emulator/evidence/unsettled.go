package evidence

import (
	"cmp"
	"slices"
	"strings"
)

// Why an assumption is not settled by [Probe].
const (
	needsStatus   = "it shows only at a registration whose registrar answers: record your own client (voxemu record) and compare"
	needsTime     = "it shows only after hours or weeks"
	needsMoney    = "it shows only when the money of an account runs out"
	needsReceiver = "it shows only in callbacks, which a receiver with a public address has to collect"
	needsOther    = "it needs a second account, or a child account"
	changesAll    = "it changes settings of the whole account, which cannot be proved to be as before"
	mayLockOut    = "it can lock the account out"
	needsRecord   = "it costs a registration for each detail: record your own client (voxemu record) and compare"
)

// Unsettled maps the assumptions that no experiment of [Experiments] settles to the
// reason.
func Unsettled() map[string]string {
	reasons := map[string]string{}
	for reason, ids := range map[string][]string{
		needsStatus:   {"A15", "A25", "A27", "A28", "A31", "A32", "A33"},
		needsTime:     {"A29", "A30", "A37", "A40", "A80"},
		needsMoney:    {"A34", "A39", "A41", "A71"},
		needsReceiver: {"A44", "A46", "A48", "A50"},
		needsOther:    {"A21", "A68", "A78"},
		changesAll:    {"A42", "A67", "A76"},
		mayLockOut:    {"A74", "A75", "A97"},
		needsRecord:   {"A5", "A18", "A19", "A20", "A24", "A51", "A73", "A77"},
	} {
		for _, id := range ids {
			reasons[id] = reason
		}
	}
	return reasons
}

// unsettledLines lists the assumptions that no experiment settles, a line for each reason.
func unsettledLines() []string {
	byReason := map[string][]string{}
	for id, reason := range Unsettled() {
		byReason[reason] = append(byReason[reason], id)
	}
	var lines []string
	for reason, ids := range byReason {
		slices.SortFunc(ids, func(a, b string) int { return cmp.Or(len(a)-len(b), cmp.Compare(a, b)) })
		lines = append(lines, "no experiment for "+strings.Join(ids, ", ")+": "+reason)
	}
	slices.Sort(lines)
	return lines
}
