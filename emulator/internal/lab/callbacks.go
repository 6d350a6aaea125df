package lab

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/callback"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
)

func (l *Lab) deliverer(allowPublic bool) *callback.Deliverer {
	return callback.New(callback.Config{
		Store: l.store, Now: l.clock.Now, Record: l.record, Changed: l.clock.Wake,
		Logger: l.logger, AllowPublic: allowPublic,
	})
}

// record gives each callback of an attempt an entry of its own in the journal.
func (l *Lab) record(a callback.Attempt) {
	for _, c := range a.Callbacks {
		entry := l.journal.Open(journal.CallbackRequest, a.At)
		entry.AccountID, entry.CallbackID, entry.CallbackType = a.AccountID, c.ID, c.Type
		entry.Attempt, entry.Failure = int(c.Attempts), a.Failure
		entry.To(a.URL)
		entry.Sent(a.Request)
		if a.Status != 0 {
			entry.Replied(a.Status, a.ReplyType, a.Reply)
		}
		entry.Close(a.At.Add(a.Took))
	}
}

// Callbacks lists the callbacks of an account, or of all (0), by id: those that
// wait, and the last ones that are done, each with its state and its attempts.
func (l *Lab) Callbacks(accountID int64) []vox.Callback {
	list := []vox.Callback{}
	_ = l.read(func(tx *store.Tx) error { // the function returns no error
		for c := range store.Callbacks(tx).All() {
			if accountID == 0 || c.AccountID == accountID {
				list = append(list, c)
			}
		}
		return nil
	})
	return list
}

// Redeliver sends a callback again, with the next attempt number, once the
// account's older ones are done; it does not wait for the receiver, see
// [Lab.Settle]. One that waits for its turn already is left alone, one that
// waits for a retry is sent at once. Error:
// [vox.ErrNotFound], also for one so old that it was forgotten.
func (l *Lab) Redeliver(id int64) error {
	err := l.write(func(tx *store.Tx) error { return l.callbacks.Redeliver(tx, id) })
	if errors.Is(err, callback.ErrUnknown) {
		return fmt.Errorf("%w: %w", err, vox.ErrNotFound)
	}
	return err
}

// Settle runs what is due by now and waits until every callback that can be sent
// now was accepted or waits for its retry. Retries that become due later are left
// to the clock. Error: the context ends first.
func (l *Lab) Settle(ctx context.Context) error {
	for {
		if err := l.clock.CatchUp(); err != nil {
			return err
		}
		if err := l.callbacks.Settle(ctx); err != nil {
			return err
		}
		if at, ok := l.nextRetry(); !ok || at.After(l.clock.Now()) {
			return nil
		}
	}
}

func (l *Lab) nextRetry() (at time.Time, ok bool) {
	_ = l.read(func(tx *store.Tx) error { // the function returns no error
		at, ok = callback.NextDue(tx)
		return nil
	})
	return at, ok
}
