package control

import (
	"fmt"
	"net/http"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/internal/inject"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
)

type requestInput struct {
	Number int64 `path:"number"`
}

func (a *API) getRequest(in requestInput) (journal.Request, error) {
	if r, ok := a.Journal.Get(in.Number); ok {
		return r, nil
	}
	return journal.Request{}, fmt.Errorf("request %d, perhaps dropped because the journal was full: %w", in.Number, vox.ErrNotFound)
}

// callOf returns what rules select by, as far as the journal keeps it: of the headers that
// is User-Agent.
func callOf(r journal.Request) inject.Call {
	call := inject.Call{
		Method: r.Method, Parameters: r.Parameters, Account: r.AccountID, Key: r.KeyID,
		Header: http.Header{}, Encoding: r.Encoding,
	}
	if r.UserAgent != "" {
		call.Header.Set("User-Agent", r.UserAgent)
	}
	return call
}

// verdictOnRequest is the verdict of a rule on a request of the journal.
type verdictOnRequest struct {
	Request int64 `json:"request,omitempty"`
	fault.Verdict
}

type explanation struct {
	// Faults are the verdicts of the armed rules, if the request was sent again now.
	Faults []fault.Verdict `json:"faults"`
	// Parameters are those of the method and those given, with what was wrong.
	Parameters []explainedParameter `json:"parameters"`
}

// explainedParameter compares a parameter of a request with the specification.
type explainedParameter struct {
	Name    string   `json:"name"`
	Given   []string `json:"given,omitempty"`
	Allowed string   `json:"allowed,omitempty"`
	// Verdict is ok, absent, missing, invalid, ignored (it has no effect in the emulator) or
	// unknown (the method does not have it).
	Verdict string `json:"verdict"`
	Error   string `json:"error,omitempty"`
}

func (a *API) explainRequest(in requestInput) (explanation, error) {
	r, err := a.getRequest(in)
	if err != nil {
		return explanation{}, err
	}
	x := explanation{Faults: a.Faults.Explain(callOf(r)), Parameters: a.explainParameters(r)}
	if x.Faults == nil {
		x.Faults = []fault.Verdict{}
	}
	return x, nil
}

func (a *API) explainParameters(r journal.Request) []explainedParameter {
	list := []explainedParameter{}
	method, ok := a.Contract.Method(r.Method)
	if !ok {
		return list
	}
	mistakes := map[string]journal.ParameterMistake{}
	for _, m := range r.Mistakes {
		mistakes[m.Parameter] = m
	}
	known := map[string]bool{}
	add := func(name, ifGiven string) {
		if known[name] {
			return
		}
		known[name] = true
		p := explainedParameter{Name: name, Given: r.Parameters[name], Allowed: method.Allowed(name), Verdict: "absent"}
		mistake, wrong := mistakes[name]
		switch {
		case wrong && mistake.Missing:
			p.Verdict, p.Error = "missing", mistake.Error
		case wrong:
			p.Verdict, p.Error = "invalid", mistake.Error
		case len(p.Given) > 0:
			p.Verdict = ifGiven
		}
		list = append(list, p)
	}
	for _, name := range method.Parameters() {
		ifGiven := "ok"
		if method.Ignored[name] != "" {
			ifGiven = "ignored"
		}
		add(name, ifGiven)
	}
	for _, name := range r.UnknownParameters {
		add(name, "unknown")
	}
	for _, name := range a.Contract.ParameterNames(method) { // credentials
		if len(r.Parameters[name]) > 0 {
			add(name, "ok")
		}
	}
	return list
}

type previewInput struct{ Body fault.Rule }

type preview struct {
	Requests []verdictOnRequest `json:"requests"`
}

// maxPreviewed is the number of latest requests that a preview examines.
const maxPreviewed = 500

func (a *API) previewFault(in previewInput) (preview, error) {
	rule := in.Body
	if rule.Name == "" {
		rule.Name = "preview"
	}
	calls := a.Journal.Last(journal.Filter{Kind: journal.APIRequest}, maxPreviewed)
	dated := make([]inject.Dated, len(calls))
	for i, r := range calls {
		dated[i] = inject.Dated{Call: callOf(r), At: r.At}
	}
	verdicts, err := a.Faults.Preview(rule, dated)
	if err != nil {
		return preview{}, refusedRules(err, "")
	}
	list := []verdictOnRequest{}
	for i, v := range verdicts {
		list = append(list, verdictOnRequest{calls[i].Number, v})
	}
	return preview{list}, nil
}

// methodDescription is a method for forms: its parameters with the values that are
// allowed.
type methodDescription struct {
	Name       string              `json:"name"`
	Parameters []describedArgument `json:"parameters"`
	Errors     []vox.Error         `json:"errors"`
}

type describedArgument struct {
	Name    string `json:"name"`
	Allowed string `json:"allowed"`
}

type methodList struct {
	Methods []methodDescription `json:"methods"`
	// Errors maps the names of all errors to their codes.
	Errors map[string]int `json:"errors"`
	// Faults are the kinds of faults.
	Faults []string `json:"faults"`
}

func (a *API) listMethods(nothing) (methodList, error) {
	list := methodList{Methods: []methodDescription{}, Errors: a.Faults.Known().Errors}
	for _, m := range a.Contract.Methods() {
		d := methodDescription{Name: m.Name, Parameters: []describedArgument{}, Errors: m.Errors}
		if d.Errors == nil {
			d.Errors = []vox.Error{}
		}
		for _, name := range m.Parameters() {
			d.Parameters = append(d.Parameters, describedArgument{name, m.Allowed(name)})
		}
		list.Methods = append(list.Methods, d)
	}
	for _, kind := range fault.Kinds() {
		list.Faults = append(list.Faults, kind.Name)
	}
	return list, nil
}
