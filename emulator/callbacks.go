package emulator

import (
	"context"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Callbacks returns the callbacks of an account, or of all accounts (0), by id: those
// that are not final and the latest final ones, with state and attempts. The journal
// contains requests and replies: see [journal.Filter].CallbackType.
func (s *Server) Callbacks(accountID int64) []vox.Callback { return s.lab.Callbacks(accountID) }

// Redeliver sends a callback again, with the next attempt number, after the account's
// older ones are final. It does not wait for the receiver, see [Server.Settle]. It has no
// effect on a queued callback, and sends one that waits for a retry at once. Error:
// [vox.ErrNotFound], also for old callbacks that were deleted.
func (s *Server) Redeliver(id int64) error { return s.lab.Redeliver(id) }

// Settle runs everything that is due by now and waits until each callback that can be
// sent was accepted or waits for its retry. It does not wait for later retries. It
// returns an error if the context ends first.
func (s *Server) Settle(ctx context.Context) error { return s.lab.Settle(ctx) }
