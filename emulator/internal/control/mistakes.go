package control

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/voxemu/voxemu/emulator/journal"
)

type mistakesInput struct{ Body journal.Allowed }

// reportMistakes replies with what a test should fail for. Filters that can match no
// request are refused.
func (a *API) reportMistakes(in mistakesInput) (journal.Report, error) {
	var found problems
	for i, filter := range in.Body.Mistakes {
		if err := a.checkFilter(filter, false); err != nil {
			for _, p := range flat(problemOf(err)) {
				p.Member = fmt.Sprintf("allow_mistakes[%d].%s", i, p.Member)
				p.Status = http.StatusUnprocessableEntity
				found.add(p)
			}
		}
	}
	if err := found.err(); err != nil {
		return journal.Report{}, err
	}
	report := a.Mistakes(in.Body)
	about := a.Lab.RulesAbout(in.Body.AccountID)
	for _, status := range a.Faults.Rules() {
		if status.Unspent() && about(status.Rule) {
			report.Untriggered = append(report.Untriggered, journal.Untriggered{Name: status.Name, Text: status.Describe()})
		}
	}
	return report, nil
}

// Mistakes returns the mistakes in requests that are not allowed.
func (a *API) Mistakes(allowed journal.Allowed) journal.Report {
	forgiven := map[int64]bool{}
	for _, filter := range allowed.Mistakes {
		for _, call := range a.Journal.Find(filter) {
			forgiven[call.Number] = true
		}
	}
	report := journal.Report{
		Unknown: []string{}, Refused: []string{}, NotEmulated: []string{}, // [] in JSON instead of null
		Untriggered: []journal.Untriggered{}, Evicted: a.Journal.Evicted(allowed.AccountID),
	}
	for _, call := range a.Journal.Mistaken(allowed.AccountID, allowed.After) {
		if call.NotEmulated {
			report.NotEmulated = append(report.NotEmulated, call.String())
		}
		unknown := a.explainUnknown(call)
		if len(unknown) > 0 && !allowed.Unknown {
			report.Unknown = append(report.Unknown, block(call, unknown))
		}
		// The parameters of a method that the emulator does not have are not checked.
		if len(call.Mistakes) > 0 && !forgiven[call.Number] && !call.NotEmulated {
			report.Refused = append(report.Refused, block(call, explainRefused(call)))
		}
	}
	return report
}

// block describes a request and its mistakes, one per line.
func block(call journal.Request, mistakes []string) string {
	return "  " + call.String() + "\n    " + strings.Join(mistakes, "\n    ")
}

// explainUnknown returns a line for each name that the API does not have. If that is the
// method, all its parameters are unknown, and not listed.
func (a *API) explainUnknown(call journal.Request) []string {
	only := journal.Request{Kind: call.Kind}
	only.Method, only.Style, only.UnknownMethod = call.Method, call.Style, call.UnknownMethod
	lines := hinted(only.Explain(), a.meantMethod(call.Method))
	only.UnknownMethod = false
	for _, name := range call.UnknownParameters {
		only.UnknownParameters = []string{name}
		lines = append(lines, hinted(only.Explain(), a.meantParameter(call.Method, name))...)
	}
	return lines
}

func explainRefused(call journal.Request) []string {
	only := journal.Request{Kind: call.Kind}
	only.Method, only.Parameters, only.Mistakes = call.Method, call.Parameters, call.Mistakes
	return only.Explain()
}
