package emulator

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/internal/control"
	"github.com/voxemu/voxemu/emulator/vox"
)

// The room of the control door that arms faults.

func (s *Server) faultsRoom() control.Faults {
	return control.Faults{
		List:    s.listFaults,
		Add:     s.addFault,
		Put:     s.putFault,
		Replace: s.replaceFaults,
		Delete:  s.deleteFault,
		Clear:   s.clearFaults,
	}
}

func (s *Server) listFaults(accountID int64) []control.Fault {
	about := s.lab.RulesAbout(accountID)
	list := []control.Fault{}
	for _, status := range s.faults.Rules() {
		if about(status.Rule) {
			list = append(list, control.Fault{
				Name: status.Name, Seen: status.Seen, Hits: status.Hits, Remaining: status.Remaining, Rule: status.Rule,
			})
		}
	}
	return list
}

func (s *Server) addFault(body control.Body) (string, error) {
	var rule fault.Rule
	if err := body.Decode(&rule); err != nil {
		return "", err
	}
	name, err := s.faults.Add(rule)
	return name, faultRefused(err, "")
}

func (s *Server) putFault(name string, body control.Body) error {
	var rule fault.Rule
	if err := body.Decode(&rule); err != nil {
		return err
	}
	if rule.Name == "" {
		rule.Name = name
	}
	if rule.Name != name {
		return &control.Problem{
			Status: http.StatusUnprocessableEntity, Member: "name", Allowed: []string{name},
			Message: fmt.Sprintf("name: the address says %s; leave it out or say the same", name),
		}
	}
	return faultRefused(s.faults.Put(rule), "")
}

func (s *Server) replaceFaults(body control.Body) error {
	var wanted struct {
		Faults []fault.Rule `json:"faults"`
	}
	if err := body.Decode(&wanted); err != nil {
		return err
	}
	if wanted.Faults == nil {
		return &control.Problem{Status: http.StatusUnprocessableEntity, Member: "faults", Message: "faults: required; want a list of rules, [] for none"}
	}
	return faultRefused(s.faults.Replace(wanted.Faults...), "faults")
}

func (s *Server) deleteFault(name string) error {
	if !s.faults.Delete(name) {
		return fmt.Errorf("fault %q: %w", name, vox.ErrNotFound)
	}
	return nil
}

func (s *Server) clearFaults(accountID int64) { s.faults.DeleteIf(s.lab.RulesAbout(accountID)) }

// faultRefused says which status an error of the engine deserves. list is the
// member that holds the rules; empty: the body is the rule.
func faultRefused(err error, list string) error {
	var complaints vox.Mistakes
	switch {
	case errors.Is(err, fault.ErrTaken):
		return fmt.Errorf("%w: %w", vox.ErrConflict, err)
	case !errors.As(err, &complaints):
		return err
	}
	found := make([]*control.Problem, len(complaints))
	for i, c := range complaints {
		at := c.Place
		if list != "" {
			at = fmt.Sprintf("%s[%d].%s", list, c.Index, c.Place)
		}
		found[i] = &control.Problem{Member: at, Message: at + ": " + c.Message}
	}
	first := found[0]
	first.Status, first.More = http.StatusUnprocessableEntity, slices.Clone(found[1:])
	return first
}
