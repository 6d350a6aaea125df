package emulator

import (
	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// Faults are the rules by which calls of the API go wrong: those of the scenario
// loaded last, and what was armed since. Load, Reset and Import arm the
// scenario's rules anew, with its seed and instead of all others. The control
// door is never subject to them.
func (s *Server) Faults() *fault.Engine { return s.faults }

// known is what the rules may name: the contract's methods, parameters and
// errors.
func known(c *contract.Contract) fault.Known {
	names := fault.Known{Parameters: map[string][]string{}, Errors: map[string]int{}}
	for _, method := range c.Methods() {
		names.Parameters[method.Name] = c.ParameterNames(method)
	}
	for _, name := range c.ErrorNames() {
		names.Errors[string(name)], _, _ = c.Explain(vox.Refusal{Name: name})
	}
	return names
}

// ScenarioReader reads scenario files as [Server.Load] does: it knows the
// methods, parameters and errors that fault rules may name. Error: the
// specification is broken.
func ScenarioReader() (scenarios.Reader, error) {
	names, err := nameable()
	return scenarios.Reader{Known: names}, err
}
