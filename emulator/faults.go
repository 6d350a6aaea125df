package emulator

import (
	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/vox"
)

// defaultSeed makes two runs of the same test the same.
const defaultSeed = 1

// Faults are the rules by which calls of the API go wrong; none are armed by
// default. The control door is never subject to them.
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
