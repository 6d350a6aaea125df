package testkit

import (
	"fmt"
	"strings"

	"github.com/voxemu/voxemu/emulator/journal"
)

// shownMistakes is the maximum number of requests in a report.
const shownMistakes = 20

// reportMistakes fails the test for mistakes of its client that no option allows.
// Requests for methods that the real service has and the emulator does not implement are
// only logged, because they are not mistakes.
func (e *Emulator) reportMistakes() {
	e.tb.Helper()
	e.collectMistakes()
	e.checks.mu.Lock()
	defer e.checks.mu.Unlock()
	report(e.tb, "sent what the API does not know", "testkit.AllowUnknown()", e.checks.unknown)
	report(e.tb, "sent what the contract refuses", "testkit.AllowMistakes()", e.checks.refused)
	if stats := e.server.Journal().Stats(); stats.Evicted > 0 {
		e.tb.Logf("testkit: the journal dropped %d older requests; their mistakes are not reported", stats.Evicted)
	}
}

// collectMistakes reads the mistakes from the journal before it is closed or cleared.
func (e *Emulator) collectMistakes() {
	e.tb.Helper()
	e.checks.mu.Lock()
	defer e.checks.mu.Unlock()
	allowed := journal.Allowed{Unknown: e.options.allowUnknown}
	for _, m := range e.options.allowed {
		allowed.Mistakes = append(allowed.Mistakes, m.filter)
	}
	found := e.server.Mistakes(allowed)
	for _, call := range found.NotEmulated {
		e.tb.Logf("testkit: %s: the real service has the method, voxemu does not", call)
	}
	e.checks.unknown = append(e.checks.unknown, found.Unknown...)
	e.checks.refused = append(e.checks.refused, found.Refused...)
}

// report lists the requests with mistakes, and how to allow them.
func report(t TB, what, allow string, requests []string) {
	t.Helper()
	if len(requests) == 0 {
		return
	}
	lines := requests[:min(len(requests), shownMistakes)]
	if more := len(requests) - shownMistakes; more > 0 {
		lines = append(lines[:shownMistakes:shownMistakes], fmt.Sprintf("  and %d more", more))
	}
	t.Errorf("testkit: the client %s:\n%s\nallow with %s", what, strings.Join(lines, "\n"), allow)
}
