package emulator

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/callback"
	"github.com/voxemu/voxemu/emulator/internal/control"
	"github.com/voxemu/voxemu/emulator/internal/scheduler"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
)

func (s *Server) deliverer() *callback.Deliverer {
	return callback.New(callback.Config{
		Store: s.store, Now: s.clock.Now, Record: s.record, Changed: s.clock.Wake,
		Logger: s.logger, AllowPublic: s.callbacksAllowPublic,
	})
}

// callbackAgenda are the retries. Time does not move on before what was sent at
// a moment is answered.
func (s *Server) callbackAgenda() scheduler.Agenda {
	agenda := s.agenda("callback", callback.NextDue, s.callback.RunNext, nil)
	agenda.Settle = func() { _ = s.callback.Settle(context.Background()) } // without an end, no error
	return agenda
}

// record gives each callback of an attempt an entry of its own in the journal.
func (s *Server) record(a callback.Attempt) {
	for _, c := range a.Callbacks {
		entry := s.journal.Open(journal.KindCallback, a.At)
		entry.AccountID, entry.CallbackID, entry.CallbackType = a.AccountID, c.ID, string(c.Type)
		entry.Attempt, entry.Failure = int(c.Attempts), a.Failure
		entry.To(a.URL)
		entry.Sent(a.Request)
		if a.Status != 0 {
			entry.Replied(a.Status, a.ReplyType, a.Reply)
		}
		entry.Close(a.At.Add(a.Took))
	}
}

// Callbacks lists the callbacks of all accounts by id: those that wait, and the
// last ones that are done, each with its state and its attempts.
func (s *Server) Callbacks() []vox.Callback {
	list := []vox.Callback{}
	_ = s.store.Read(s.clock.Now(), func(tx *store.Tx) error { // the function returns no error
		for c := range store.Callbacks(tx).All() {
			list = append(list, c)
		}
		return nil
	})
	return list
}

// Redeliver sends a callback again, with the next attempt number, once the
// account's older ones are done; it does not wait for the receiver, see
// [Server.Settle]. One that waits for its turn already is left alone, one that
// waits for a retry is sent at once. Error: there is no such callback, or it is
// so old that it was forgotten.
func (s *Server) Redeliver(id int64) error {
	err := s.store.Write(s.clock.Now(), func(tx *store.Tx) error { return s.callback.Redeliver(tx, id) })
	if errors.Is(err, callback.ErrUnknown) {
		return fmt.Errorf("%w: %w", err, control.ErrNotFound)
	}
	return err
}

// Settle runs what is due by now and waits until every callback that can be sent
// now was accepted or waits for its retry. Retries that become due later are left
// to the clock. Error: the context ends first.
func (s *Server) Settle(ctx context.Context) error {
	for {
		if err := s.clock.CatchUp(); err != nil {
			return err
		}
		if err := s.callback.Settle(ctx); err != nil {
			return err
		}
		if at, ok := s.nextRetry(); !ok || at.After(s.clock.Now()) {
			return nil
		}
	}
}

func (s *Server) nextRetry() (at time.Time, ok bool) {
	_ = s.store.Read(s.clock.Now(), func(tx *store.Tx) error { // the function returns no error
		at, ok = callback.NextDue(tx)
		return nil
	})
	return at, ok
}
