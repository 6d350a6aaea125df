package emulator

import (
	"io"

	"github.com/voxemu/voxemu/scenarios"
)

// Load replaces the whole state and all faults by scenarios, merged in this order:
// built-in names or files. A scenario can move the clock forward. Errors: an invalid
// scenario, or a start in the past; state and faults have not changed then.
func (s *Server) Load(names ...string) error { return s.lab.Load(names...) }

// LoadSources is [Server.Load] for texts.
func (s *Server) LoadSources(sources ...scenarios.Source) error { return s.lab.LoadSources(sources...) }

// Add adds rows to the running state, all or none; a row with the id of an existing one
// replaces it. Defaults: the next free id; names such as user-7 with the id; for an
// account the api_key account-7-key; for a rule the only application. Other fields are
// filled and checked as in a scenario. Registrations without a state start at once. Add
// returns the stored rows, with the registrar's answer if it has no delay. The error is
// [vox.Mistakes]; each names the row.
func (s *Server) Add(rows scenarios.Scenario) (scenarios.Scenario, error) { return s.lab.Add(rows) }

// Import replaces the state and the faults by exported ones, in YAML or JSON. Unlike
// [Server.LoadSources] it does not change what [Server.Reset] goes back to. After an
// error state and faults have not changed.
func (s *Server) Import(state []byte) error { return s.lab.Import(state, nil) }

// Reset goes back to the scenarios loaded last, with their faults and counters of zero.
// Accounts of [Server.CreateAccount] are deleted. Generated keys of others stay valid. The
// clock does not go back; times that a scenario omits are the current time.
func (s *Server) Reset() error { return s.lab.Reset() }

// ResetAccount replaces the rows of one account by those of the scenarios loaded last or,
// if [Server.CreateAccount] made it, by what was made. Other accounts, the journal, faults
// and the clock do not change. Errors: [vox.ErrNotFound]; [vox.ErrConflict] if another
// account has one of the ids meanwhile.
func (s *Server) ResetAccount(id int64) error { return s.lab.ResetAccount(id) }

// Export returns the state with the armed faults as a scenario file without api_keys,
// passwords and private keys.
func (s *Server) Export() ([]byte, error) { return s.lab.Export(false) }

// ExportWithSecrets returns the state as a scenario file that loads to the same state. It
// contains all secrets.
func (s *Server) ExportWithSecrets() ([]byte, error) { return s.lab.Export(true) }

// State returns settings, armed faults and all rows by id, with secrets, after running
// everything that is due. It does not include counters of faults and the times at which
// they were armed. Its cost grows with the whole state; to read few rows, send a request
// with filters.
func (s *Server) State() (scenarios.Scenario, error) { return s.lab.State() }

// Save writes the state as a scenario file for [WithState]: the result of
// [Server.ExportWithSecrets], and the emulator's time unless it is the machine's. It
// contains all secrets. It writes small parts, so that the text is never held as a whole.
// Error: that of the writer.
func (s *Server) Save(w io.Writer) error { return s.lab.Save(w) }

// Changes returns the number of changes of state and clock. While it is the same, the
// result of [Server.Save] differs at most in the time of a running clock.
func (s *Server) Changes() uint64 { return s.lab.Changes() }

// Snapshot saves the current state under a name, in memory. It returns [vox.ErrConflict]
// if the name is taken or if there are 1000 snapshots.
func (s *Server) Snapshot(name string) error {
	_, err := s.lab.TakeSnapshot(name)
	return err
}

// Restore restores a snapshot, which is kept: rows, settings and the next ids. The clock
// does not go back, so everything that became due in between runs at once. Armed faults
// do not change. Key pairs generated meanwhile stay valid. Error: [vox.ErrNotFound].
func (s *Server) Restore(name string) error { return s.lab.RestoreSnapshot(name) }

// DeleteSnapshot deletes a snapshot. Error: [vox.ErrNotFound].
func (s *Server) DeleteSnapshot(name string) error { return s.lab.DeleteSnapshot(name) }
