package emulator

import (
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Journal knows every call of the API; see [journal.Journal]. Load and Reset
// leave it alone: a test may reset the state half-way and still ask what its
// client did. Clear it yourself.
func (s *Server) Journal() *journal.Journal { return s.journal }

// Health describes the running server.
func (s *Server) Health() vox.Health { return s.control.Health() }
