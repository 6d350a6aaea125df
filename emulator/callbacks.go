package emulator

import (
	"context"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Callbacks lists the callbacks of an account, or of all (0), by id: those that wait,
// and the last ones that are done, each with its state and its attempts. What was sent
// and answered is in the journal: see [journal.Filter].CallbackType.
func (s *Server) Callbacks(accountID int64) []vox.Callback { return s.lab.Callbacks(accountID) }

// Redeliver sends a callback again, with the next attempt number, once the
// account's older ones are done; it does not wait for the receiver, see
// [Server.Settle]. One that waits for its turn already is left alone, one that
// waits for a retry is sent at once. Error: [vox.ErrNotFound], also for one so
// old that it was forgotten.
func (s *Server) Redeliver(id int64) error { return s.lab.Redeliver(id) }

// Settle runs what is due by now and waits until every callback that can be sent
// now was accepted or waits for its retry. Retries that become due later are left
// to the clock. Error: the context ends first.
func (s *Server) Settle(ctx context.Context) error { return s.lab.Settle(ctx) }
