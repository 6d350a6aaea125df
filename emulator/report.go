package emulator

import (
	"github.com/voxemu/voxemu/emulator/internal/tally"
	"github.com/voxemu/voxemu/emulator/report"
)

// Report returns what the requests since the start covered, also those that the journal
// has dropped, and what was wrong in them. Without a journal nothing is counted.
func (s *Server) Report() report.Report { return s.control.Report() }

// ClearReport makes [Server.Report] count from now on.
func (s *Server) ClearReport() { s.control.ClearReport() }

// BlankReport returns a report of no requests, to which those of several emulators can be
// merged. It returns an error if the specification is invalid.
func BlankReport() (report.Report, error) {
	spec, err := compiled()
	if err != nil {
		return report.Report{}, err
	}
	return tally.Blank(spec, Version()), nil
}
