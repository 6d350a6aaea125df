package emulator

import (
	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/journal"
)

// Faults are the rules by which calls of the API go wrong: those of the scenario
// loaded last, and what was armed since. Load, Reset and Import arm the
// scenario's rules anew, with its seed and instead of all others. The control
// door is never subject to them.
func (s *Server) Faults() *fault.Engine { return s.faults }

// Journal knows every call of the API; see [journal.Journal]. Load and Reset
// leave it alone: a test may reset the state half-way and still ask what its
// client did. Clear it yourself.
func (s *Server) Journal() *journal.Journal { return s.journal }
