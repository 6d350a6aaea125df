package control

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
)

// CheckFilter refuses names that nothing has: a filter with one selects no request, so
// that a check which wants none would always hold. Methods and parameters that a client
// has used exist, too: they are in the journal. The error is [vox.Mistakes]; Place is the
// filter's member.
func (a *API) CheckFilter(f journal.Filter) error {
	var found vox.Mistakes
	refuse := func(member, format string, args ...any) {
		found = append(found, vox.Mistake{Place: member, Message: fmt.Sprintf(format, args...)})
	}
	used := func(f journal.Filter) bool { return a.Journal.Count(f) > 0 }
	names := a.Faults.Known()
	methods := slices.Sorted(maps.Keys(names.Parameters))
	if _, emulated := names.Parameters[f.Method]; f.Method != "" && !emulated &&
		!a.Contract.NotEmulated(f.Method) && !used(journal.Filter{Method: f.Method}) {
		refuse("method", "the API has no method %q%s", f.Method, near(f.Method, methods))
	}
	if f.AccountID < 0 {
		refuse("account_id", wantID)
	}
	if f.CallbackID < 0 {
		refuse("callback_id", wantID)
	}
	for _, name := range slices.Sorted(maps.Keys(f.Parameters)) {
		if vox.IsSecretName(name) && f.Parameters[name].ReadsValue() {
			refuse("", "%s is a secret: the journal keeps only whether it was given; ask for that", name)
			continue
		}
		known := names.Parameters[f.Method]
		if f.Method == "" {
			known = slices.Concat(slices.Collect(maps.Values(names.Parameters))...)
		}
		if known == nil || slices.Contains(known, name) || used(journal.Filter{}.Where(name, journal.Given())) {
			continue
		}
		who := "no method has a"
		if f.Method != "" {
			who = f.Method + " has no"
		}
		refuse("parameters", "%s parameter %q%s", who, name, near(name, slices.Compact(slices.Sorted(slices.Values(known)))))
	}
	if _, ok := names.Errors[f.Error]; f.Error != "" && !ok && !used(journal.Filter{Error: f.Error}) {
		refuse("error", "the API has no error %q%s", f.Error, near(f.Error, slices.Sorted(maps.Keys(names.Errors))))
	}
	if f.Code != nil && *f.Code != 0 && !slices.Contains(slices.Collect(maps.Values(names.Errors)), *f.Code) && !used(journal.Filter{Code: f.Code}) {
		refuse("code", "the API has no error %d; want a code of openapi.yaml's x-errors, such as 127, or 0", *f.Code)
	}
	if types := vox.CallbackTypes(); f.CallbackType != "" && !slices.Contains(types, f.CallbackType) {
		var known []string
		for _, one := range types {
			known = append(known, string(one))
		}
		refuse("callback_type", "no callback has the type %q%s", f.CallbackType, near(string(f.CallbackType), known))
	}
	if f.Fault != "" && f.Fault != "*" && !a.Faults.WasArmed(f.Fault) {
		refuse("fault", "no fault named %q was ever armed%s", f.Fault, near(f.Fault, a.Faults.Names()))
	}
	if len(found) == 0 {
		return nil
	}
	return found
}

// near is the end of a message on an unknown name: the one that was probably meant or,
// if there are few, all.
func near(name string, known []string) string {
	if near, ok := vox.Nearest(name, known); ok {
		return "; did you mean " + near + "?"
	}
	if len(known) > 0 && len(known) <= 30 {
		return "; known: " + strings.Join(known, ", ")
	}
	return ""
}

// checkFilter is [API.CheckFilter] for a query, or for a body in which the filter is.
func (a *API) checkFilter(f journal.Filter, isQuery bool) error {
	mistakes, _ := a.CheckFilter(f).(vox.Mistakes)
	var found problems
	for _, m := range mistakes {
		problem := &Problem{Status: http.StatusUnprocessableEntity, Message: m.Text()}
		if isQuery {
			problem.Parameter = strings.TrimSuffix(m.Place, "s")
		} else {
			problem.Member = m.Place
		}
		found.add(problem)
	}
	return found.err()
}
