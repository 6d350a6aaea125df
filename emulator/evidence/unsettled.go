package evidence

import (
	"cmp"
	"slices"
	"strings"
)

// Why an assumption is not settled by [Probe].
const (
	needsAnswers   = "it shows only at a registrar of yours that answers: record your own client (voxemu record) and compare"
	needsRestart   = "it shows only between the change and the registrar's answer, which can be at once"
	needsLogin     = "it shows only when a user logs in, by an SDK for applications: the API has no call for it"
	needsTime      = "it shows only after hours or weeks"
	needsMoney     = "it shows only when the money of an account runs out"
	needsRenewals  = "it shows only when several registrations renew or freeze at one moment, after a month"
	needsFailures  = "it shows only when a receiver of callbacks fails for hours"
	needsKey       = "the hash contains the api_key of the account, which a service account is not shown"
	needsManyCalls = "it is a limit of the emulator: to see the service's, callbacks without number would have to wait"
	needsOther     = "it needs a second account, or a child account"
	mayLockOut     = "a wrong password can lock the account out"
)

// Unsettled maps the assumptions that no experiment of [Experiments] settles to the
// reason.
func Unsettled() map[string]string {
	reasons := map[string]string{}
	for reason, ids := range map[string][]string{
		needsAnswers:   {"A33"},
		needsRestart:   {"A28"},
		needsLogin:     {"A31"},
		needsTime:      {"A29", "A30", "A37", "A40"},
		needsMoney:     {"A34", "A39", "A41"},
		needsRenewals:  {"A46", "A80"},
		needsFailures:  {"A48"},
		needsKey:       {"A44"},
		needsManyCalls: {"A50"},
		needsOther:     {"A21", "A78"},
		mayLockOut:     {"A97"},
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
