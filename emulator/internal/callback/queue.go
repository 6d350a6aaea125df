package callback

import (
	"errors"
	"fmt"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// retries are the intervals between attempts, on the emulator's clock (A48): seven
// attempts within seven and a half hours.
var retries = [...]time.Duration{
	10 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 6 * time.Hour,
}

// ErrUnknown reports a callback that does not exist or was deleted.
var ErrUnknown = errors.New("there is no such callback")

// NextDue returns the time of the earliest retry; false if there is none. Queued
// callbacks are not included: workers send them at once.
func NextDue(tx *store.Tx) (time.Time, bool) {
	_, at, ok := store.Earliest(tx, store.Callbacks, store.CallbackDue)
	return at, ok
}

// RunNext puts the batch with the earliest retry back into the queue, if it is due at the
// transaction's time. It does not wait for the receiver: see [Deliverer.Settle].
func (d *Deliverer) RunNext(tx *store.Tx) error {
	c, at, ok := store.Earliest(tx, store.Callbacks, store.CallbackDue)
	if !ok || at.After(tx.Now()) {
		return nil
	}
	for _, c := range batch(tx, c) {
		c.State = vox.CallbackQueued
		if err := store.Put(tx, store.Callbacks, c); err != nil {
			return err
		}
	}
	d.kick(c.AccountID)
	return nil
}

// Redeliver queues a callback again, with a new attempt number, after the account's older
// callbacks. It has no effect on a queued callback; one that waits for a retry is sent at
// once. Error: [ErrUnknown].
func (d *Deliverer) Redeliver(tx *store.Tx, id int64) error {
	c, ok := store.Get(tx, store.Callbacks, id)
	if !ok {
		return fmt.Errorf("callback %d: %w", id, ErrUnknown)
	}
	again := []vox.Callback{c}
	switch c.State {
	case vox.CallbackQueued:
		return nil
	case vox.CallbackRetrying:
		again = batch(tx, c)
	}
	for _, c := range again {
		c.State, c.NextAttempt = vox.CallbackQueued, tx.Now()
		if err := store.Put(tx, store.Callbacks, c); err != nil {
			return err
		}
	}
	d.kick(c.AccountID)
	return nil
}

// batch returns the callbacks that are sent together with c: those that follow it in the
// same batch and state. c must be the first of them.
func batch(tx *store.Tx, c vox.Callback) []vox.Callback {
	var list []vox.Callback
	for next, ok := c, true; ok && next.AccountID == c.AccountID && next.Batch == c.Batch && next.State == c.State; {
		list = append(list, next)
		next, ok = store.Get(tx, store.Callbacks, next.ID+1)
	}
	return list
}

// claim starts an attempt of the account's first batch; it returns no callbacks if none
// can be sent now. The attempt is counted before it is sent, so that no number is used
// twice. Its time is not before at or the batch's own time.
func claim(tx *store.Tx, account int64, at time.Time) ([]vox.Callback, time.Time, error) {
	first, ok := store.First(tx, store.Callbacks, account, store.CallbackPending.Is(true))
	if !ok || first.State != vox.CallbackQueued {
		return nil, at, nil
	}
	at = later(at, first.NextAttempt)
	claimed := batch(tx, first)
	for i := range claimed {
		claimed[i].Attempts++
		if err := store.Put(tx, store.Callbacks, claimed[i]); err != nil {
			return nil, at, err
		}
	}
	return claimed, at, nil
}

// finish stores the result of an attempt that ended at the given time. Callbacks that
// were deleted meanwhile, with their account, stay deleted.
func finish(tx *store.Tx, claimed []vox.Callback, r result, at time.Time) error {
	for _, c := range claimed {
		if _, ok := store.Get(tx, store.Callbacks, c.ID); !ok {
			continue
		}
		r.applyTo(&c, at)
		if err := store.Put(tx, store.Callbacks, c); err != nil {
			return err
		}
		if c.ID < store.NextID(tx, store.Callbacks)-kept {
			forget(tx, c.ID)
		}
	}
	return nil
}

// applyTo sets the new state of a callback.
func (r result) applyTo(c *vox.Callback, at time.Time) {
	c.LastStatus, c.LastFailure, c.NextAttempt = int64(r.status), r.failure, time.Time{}
	switch {
	case r.verdict == accepted:
		c.State = vox.CallbackDelivered
	case r.verdict == impossible:
		c.State = vox.CallbackDropped
	case r.verdict == cutOff:
		c.NextAttempt = at // stays queued
	case c.Attempts > int64(len(retries)):
		c.State = vox.CallbackGivenUp
	default:
		c.State, c.NextAttempt = vox.CallbackRetrying, at.Add(retries[c.Attempts-1])
	}
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
