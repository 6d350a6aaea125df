package callback

import (
	"context"
	"fmt"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// kick makes a worker check an account's queue. It never blocks.
func (d *Deliverer) kick(account int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.paused > 0 {
		return // Resume checks all accounts
	}
	if _, working := d.busy[account]; working {
		d.busy[account] = true
		return
	}
	if len(d.busy) == 0 {
		d.busy, d.idle = map[int64]bool{}, make(chan struct{})
	}
	if d.ctx == nil {
		d.ctx, d.cut = context.WithCancel(context.Background())
	}
	d.busy[account] = false
	go d.work(d.ctx, account)
}

// work delivers an account's batches until none can be sent now. An account has at most
// one worker, which keeps the order.
func (d *Deliverer) work(ctx context.Context, account int64) {
	at := time.Time{}
	for {
		delivered, err := d.deliverNext(ctx, account, &at)
		if err != nil {
			d.Logger.Error("callbacks of an account are stuck", "account", account, "error", err)
		}
		if !delivered && d.leave(account) {
			return
		}
	}
}

// leave ends an account's worker, unless it must check again.
func (d *Deliverer) leave(account int64) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.busy[account] && d.paused == 0 {
		d.busy[account] = false
		return false
	}
	delete(d.busy, account)
	if len(d.busy) == 0 {
		close(d.idle)
	}
	return true
}

// deliverNext makes one attempt; false if there is none to make now. at is the time of
// the account's last attempt and is set to that of this one: the attempts of an account
// never go back in time, although during an Advance the clock can still show an earlier
// time.
func (d *Deliverer) deliverNext(ctx context.Context, account int64, at *time.Time) (bool, error) {
	if ctx.Err() != nil {
		return false, nil
	}
	now := d.Now()
	var owner vox.Account
	var claimed []vox.Callback
	err := d.Store.Write(now, func(tx *store.Tx) (err error) {
		owner, _ = store.Get(tx, store.Accounts, account)
		claimed, *at, err = claim(tx, account, later(*at, now))
		return err
	})
	if err != nil || len(claimed) == 0 {
		return false, err
	}
	began := *at
	r := d.send(ctx, owner, claimed)
	*at = later(began, d.Now())
	d.report(owner, claimed, r, began, *at)
	err = d.Store.Write(*at, func(tx *store.Tx) error { return finish(tx, claimed, r, *at) })
	if d.Changed != nil {
		d.Changed()
	}
	return err == nil, err
}

// Settle waits until no attempt is running and no callback can be sent now. It does not
// wait for retries. It returns an error if the context ends first.
func (d *Deliverer) Settle(ctx context.Context) error {
	d.mu.Lock()
	idle := d.idle
	d.mu.Unlock()
	if idle == nil {
		return nil
	}
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("callbacks are still being delivered: %w", ctx.Err())
	}
}

// Pause aborts running attempts, which stay queued, and delivers nothing until Resume was
// called as often as Pause. On return there is no worker.
func (d *Deliverer) Pause() {
	d.mu.Lock()
	d.paused++
	if d.cut != nil {
		d.cut()
		d.ctx, d.cut = nil, nil
	}
	idle := d.idle
	d.mu.Unlock()
	if idle != nil {
		<-idle
	}
}

// Resume ends one Pause and delivers the queued callbacks.
func (d *Deliverer) Resume() {
	d.mu.Lock()
	d.paused--
	resumed := d.paused == 0
	d.mu.Unlock()
	if !resumed {
		return
	}
	for _, account := range d.waiting() {
		d.kick(account)
	}
}

// waiting returns the accounts with queued callbacks. It is a write transaction although
// it changes nothing, so that it runs after all writes whose kick was ignored during the
// pause.
func (d *Deliverer) waiting() []int64 {
	var accounts []int64
	_ = d.Store.Write(d.Now(), func(tx *store.Tx) error { // the function never fails
		for a := range store.All(tx, store.Accounts) {
			if first, ok := store.First(tx, store.Callbacks, a.ID, store.CallbackPending.Is(true)); ok && first.State == vox.CallbackQueued {
				accounts = append(accounts, a.ID)
			}
		}
		return nil
	})
	return accounts
}
