package lab

import (
	"context"
	"errors"
	"fmt"
	"slices"
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

// record adds a request to the journal for each callback of an attempt.
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

// Callbacks returns the callbacks of an account, or of all accounts (0), by id: those
// that are not final and the latest final ones, with state and attempts.
func (l *Lab) Callbacks(accountID int64) []vox.Callback {
	list := []vox.Callback{}
	_ = l.read(func(tx *store.Tx) error { // the function never fails
		list = slices.AppendSeq(list, store.Of(tx, store.Callbacks, accountID))
		return nil
	})
	return list
}

// CallbackPayload is a callback with what is sent.
type CallbackPayload struct {
	vox.Callback
	// URL is the receiver's address, as far as it has no secrets; empty: none.
	URL string
	// Payload is what is sent now, JSON, and Hash the hash in it.
	Payload []byte
	Hash    string
}

// CallbackPayload returns a callback and what is sent for it now. Error:
// [vox.ErrNotFound], also for old callbacks that were deleted.
func (l *Lab) CallbackPayload(id int64) (CallbackPayload, error) {
	var found CallbackPayload
	err := l.read(func(tx *store.Tx) error {
		var ok bool
		if found.Callback, ok = store.Get(tx, store.Callbacks, id); !ok {
			return fmt.Errorf("callback %d: %w", id, vox.ErrNotFound)
		}
		account, _ := store.Get(tx, store.Accounts, found.AccountID)
		if u, err := vox.ParseCallbackURL(account.CallbackURL); err == nil {
			found.URL = u.Scheme + "://" + u.Host + u.Path
		}
		var err error
		found.Payload, found.Hash, err = callback.Payload(account, found.Callback)
		return err
	})
	return found, err
}

// Redeliver sends a callback again, with the next attempt number, after the account's
// older ones are final. It does not wait for the receiver, see [Lab.Settle]. It has no
// effect on a queued callback, and sends one that waits for a retry at once. Error:
// [vox.ErrNotFound], also for old callbacks that were deleted.
func (l *Lab) Redeliver(id int64) error {
	err := l.write(func(tx *store.Tx) error { return l.callbacks.Redeliver(tx, id) })
	if errors.Is(err, callback.ErrUnknown) {
		return fmt.Errorf("%w: %w", err, vox.ErrNotFound)
	}
	return err
}

// Settle runs everything that is due by now and waits until each callback that can be
// sent was accepted or waits for its retry. It does not wait for later retries. It
// returns an error if the context ends first.
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
	_ = l.read(func(tx *store.Tx) error { // the function never fails
		at, ok = callback.NextDue(tx)
		return nil
	})
	return at, ok
}
