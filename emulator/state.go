package emulator

import (
	"github.com/voxemu/voxemu/scenarios"
)

// Load replaces the whole state and all faults by the scenarios, merged in their
// order: built-in names or files. A scenario may say at which time it begins; time
// does not go back. Errors: a scenario that is not valid, a beginning that has
// passed; state and faults stay as they were.
func (s *Server) Load(names ...string) error { return s.lab.Load(names...) }

// LoadSources is [Server.Load] for texts at hand.
func (s *Server) LoadSources(sources ...scenarios.Source) error { return s.lab.LoadSources(sources...) }

// Add puts rows into the running state, all or nothing: a row with the id of an
// existing one replaces it. What is left out is chosen: the next free id; names
// such as user-7 made of the id; for an account the api key account-7-key; for a
// rule the only application. The rest is filled and checked as in a scenario.
// Registrations without a state start at once. It gives the rows as they are
// stored then, with the registrar's answer if that takes no time. The error is
// [vox.Mistakes]; each names the row.
func (s *Server) Add(rows scenarios.Scenario) (scenarios.Scenario, error) { return s.lab.Add(rows) }

// Import replaces the state and the faults by exported ones, in YAML or JSON.
// Unlike [Server.LoadSources] it leaves alone what [Server.Reset] goes back to.
// On an error state and faults stay as they were.
func (s *Server) Import(state []byte) error { return s.lab.Import(state) }

// Reset goes back to the scenarios loaded last, their faults included, which are
// counted from zero; keys that were made meanwhile stay valid. Time goes on: what
// a scenario leaves open is dated now.
func (s *Server) Reset() error { return s.lab.Reset() }

// Export is the state with the armed faults as a scenario file, without secrets:
// api keys, passwords and private keys are left out.
func (s *Server) Export() ([]byte, error) { return s.lab.Export(false) }

// ExportWithSecrets is the state as a scenario file that loads to the same
// state. It holds every secret: keep it like one.
func (s *Server) ExportWithSecrets() ([]byte, error) { return s.lab.Export(true) }

// State is the settings, all rows, secrets included, by id, once everything that
// is due has happened, and the armed faults as they were written: what they have
// counted is no state, and neither is the moment from which their offsets count. It
// costs the whole state: for a few rows of many, make a request with filters.
func (s *Server) State() (scenarios.Scenario, error) { return s.lab.State() }

// Save is the state as a scenario file that [WithState] begins with: like
// [Server.ExportWithSecrets], and with the emulator's time unless that is the
// machine's. It holds every secret: keep it like one.
func (s *Server) Save() ([]byte, error) { return s.lab.Save() }

// Changes counts the changes of the state and the clock: while it stays the same,
// [Server.Save] has nothing new to say, but for how late it is.
func (s *Server) Changes() uint64 { return s.lab.Changes() }

// Snapshot keeps the state as it is under a name, in memory. Error:
// [vox.ErrConflict], the name is taken, or there are 1000 already.
func (s *Server) Snapshot(name string) error {
	_, err := s.lab.TakeSnapshot(name)
	return err
}

// Restore goes back to a snapshot, which stays as it is: rows, settings and the
// ids that come next. The clock does not go back, so what was due in between
// happens at once. Armed faults stay as they are. Key pairs that were made
// meanwhile stay valid. Error: [vox.ErrNotFound].
func (s *Server) Restore(name string) error { return s.lab.RestoreSnapshot(name) }

// DeleteSnapshot forgets a snapshot. Error: [vox.ErrNotFound].
func (s *Server) DeleteSnapshot(name string) error { return s.lab.DeleteSnapshot(name) }
