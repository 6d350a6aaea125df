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
	report(e.tb, "sent what the API does not know", "testkit.AllowUnknown()", e.checks.mistakes,
		journal.UnknownMethodMistake, journal.UnknownParameterMistake)
	report(e.tb, "sent what the contract refuses", "testkit.AllowMistakes()", e.checks.mistakes, journal.ContractMistake)
	if stats := e.server.Journal().Stats(); stats.Evicted > 0 {
		e.tb.Logf("testkit: the journal dropped %d older requests; their mistakes are not reported", stats.Evicted)
	}
}

// collectMistakes copies the mistakes from the journal before it is closed or cleared.
func (e *Emulator) collectMistakes() {
	e.tb.Helper()
	e.checks.mu.Lock()
	defer e.checks.mu.Unlock()
	allowed := map[int64]bool{}
	for _, m := range e.options.allowed {
		for _, call := range e.server.Journal().Find(m.filter) {
			allowed[call.Number] = true
		}
	}
	for _, call := range e.server.Journal().Find(journal.Filter{Kind: journal.APIRequest, NotEmulated: true}) {
		e.tb.Logf("testkit: %s: the real service has the method, voxemu does not", call)
	}
	for _, call := range e.server.Journal().Find(journal.Filter{Kind: journal.APIRequest, Mistake: journal.AnyMistake}) {
		if call = forgiven(call, e.options.allowUnknown, allowed[call.Number]); call.Has(journal.AnyMistake) {
			e.checks.mistakes = append(e.checks.mistakes, call)
		}
	}
}

// forgiven returns a request without its allowed mistakes. If the API does not have the
// method, all its parameters are unknown and not reported.
func forgiven(call journal.Request, unknown, contract bool) journal.Request {
	if unknown {
		call.UnknownMethod, call.UnknownParameters = false, nil
	}
	if contract || call.NotEmulated {
		call.Mistakes = nil
	}
	return call
}

// report lists the requests with one of the mistakes, and how to allow them.
func report(t TB, what, allow string, calls []journal.Request, mistakes ...journal.MistakeKind) {
	t.Helper()
	var lines []string
	count := 0
	for _, call := range calls {
		explained := explain(call, mistakes)
		if len(explained) == 0 {
			continue
		}
		if count++; count <= shownMistakes {
			lines = append(lines, "  "+call.String())
			lines = append(lines, explained...)
		}
	}
	if count > shownMistakes {
		lines = append(lines, fmt.Sprintf("  and %d more", count-shownMistakes))
	}
	if count > 0 {
		t.Errorf("testkit: the client %s:\n%s\nallow with %s", what, strings.Join(lines, "\n"), allow)
	}
}

// explain returns a line for each mistake of these kinds.
func explain(call journal.Request, mistakes []journal.MistakeKind) []string {
	var lines []string
	only := journal.Request{Kind: call.Kind}
	only.Method, only.Style, only.Parameters = call.Method, call.Style, call.Parameters
	for _, m := range mistakes {
		alone := only
		switch m {
		case journal.UnknownMethodMistake:
			alone.UnknownMethod = call.UnknownMethod
			lines = append(lines, hinted(alone.Explain(), meantMethod(call.Method))...)
		case journal.UnknownParameterMistake:
			for _, name := range call.UnknownParameters {
				alone.UnknownParameters = []string{name}
				lines = append(lines, hinted(alone.Explain(), meantParameter(call.Method, name))...)
			}
		case journal.ContractMistake:
			alone.Mistakes = call.Mistakes
			lines = append(lines, alone.Explain()...)
		}
	}
	for i, line := range lines {
		lines[i] = "    " + line
	}
	return lines
}
