package emulator

import "github.com/voxemu/voxemu/emulator/vox"

// Health describes the running server.
func (s *Server) Health() vox.Health { return s.control.Health() }
