package control

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/vox"
)

type armedFault struct {
	Name string `json:"name"`
	// Seen is the number of requests that the rule has counted, Hits the number to which
	// it was applied, Remaining how often it can still be applied (nil: unlimited).
	Seen      int64  `json:"seen"`
	Hits      int64  `json:"hits"`
	Remaining *int64 `json:"remaining,omitempty"`
	// Rule is the rule as it was given.
	Rule fault.Rule `json:"rule"`
}

type faultList struct {
	Faults []armedFault `json:"faults"`
}

type faultsInput struct {
	AccountID int64 `query:"account_id"`
}

func (a *API) listFaults(in faultsInput) (faultList, error) {
	about := a.Lab.RulesAbout(in.AccountID)
	list := []armedFault{}
	for _, status := range a.Faults.Rules() {
		if about(status.Rule) {
			list = append(list, armedFault{status.Name, status.Seen, status.Hits, status.Remaining, status.Rule})
		}
	}
	return faultList{list}, nil
}

type faultInput struct {
	Name string `path:"name"`
}

func (a *API) getFault(in faultInput) (armedFault, error) {
	for _, status := range a.Faults.Rules() {
		if status.Name == in.Name {
			return armedFault{status.Name, status.Seen, status.Hits, status.Remaining, status.Rule}, nil
		}
	}
	return armedFault{}, fmt.Errorf("fault %q: %w", in.Name, vox.ErrNotFound)
}

type addFaultInput struct{ Body fault.Rule }

func (a *API) addFault(in addFaultInput) (armedFault, error) {
	name, err := a.Faults.Add(in.Body)
	if err != nil {
		return armedFault{}, refusedRules(err, "")
	}
	return a.getFault(faultInput{name})
}

type putFaultInput struct {
	Name string `path:"name"`
	Body fault.Rule
}

func (a *API) putFault(in putFaultInput) (armedFault, error) {
	rule := in.Body
	if rule.Name == "" {
		rule.Name = in.Name
	}
	if rule.Name != in.Name {
		return armedFault{}, &Problem{
			Status: http.StatusUnprocessableEntity, Member: "name", Allowed: []string{in.Name},
			Message: fmt.Sprintf("name: the address says %s; leave it out or say the same", in.Name),
		}
	}
	if err := a.Faults.Put(rule); err != nil {
		return armedFault{}, refusedRules(err, "")
	}
	return a.getFault(faultInput{in.Name})
}

type replaceFaultsInput struct {
	Body struct {
		Faults []fault.Rule `json:"faults"`
	}
}

func (a *API) replaceFaults(in replaceFaultsInput) (faultList, error) {
	if in.Body.Faults == nil {
		return faultList{}, &Problem{Status: http.StatusUnprocessableEntity, Member: "faults", Message: "faults: required; want a list of rules, [] for none"}
	}
	if err := a.Faults.Replace(in.Body.Faults...); err != nil {
		return faultList{}, refusedRules(err, "faults")
	}
	return a.listFaults(faultsInput{})
}

func (a *API) deleteFault(in faultInput) (done, error) {
	if !a.Faults.Delete(in.Name) {
		return done{}, fmt.Errorf("fault %q: %w", in.Name, vox.ErrNotFound)
	}
	return ok, nil
}

func (a *API) clearFaults(in faultsInput) (done, error) {
	a.Faults.DeleteIf(a.Lab.RulesAbout(in.AccountID))
	return ok, nil
}

// refusedRules sets the places of mistakes to places in the body. list is the member that
// contains the rules; empty: the body is the rule.
func refusedRules(err error, list string) error {
	var mistakes vox.Mistakes
	if !errors.As(err, &mistakes) {
		return err
	}
	found := make([]*Problem, len(mistakes))
	for i, mistake := range mistakes {
		at := mistake.Place
		if list != "" {
			at = fmt.Sprintf("%s[%d].%s", list, mistake.Index, mistake.Place)
		}
		found[i] = &Problem{Member: at, Message: at + ": " + mistake.Message}
	}
	first := found[0]
	first.Status, first.More = http.StatusUnprocessableEntity, slices.Clone(found[1:])
	return first
}
