package callback

import (
	"context"
	"fmt"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// kick makes sure that a worker looks at an account's queue. It never waits.
func (d *Deliverer) kick(account int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.paused > 0 {
		return // Resume looks at everything
	}
	if _, working := d.busy[account]; working {
		d.busy[account] = true
		return
	}
	if len(d.busy) == 0 {
		d.idle = make(chan struct{})
	}
	d.busy[account] = false
	go d.work(d.ctx, account)
}

// work delivers what an account's queue holds, batch after batch, and ends when
// nothing may be sent now. An account has one worker at most: that keeps the
// order.
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

// leave ends an account's worker, unless it must look again.
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

// deliverNext makes one attempt; false: nothing may be sent now. at is the moment
// of the account's last attempt and becomes that of this one: an account's
// attempts never go back in time, although in the middle of an Advance the clock
// still shows the moment before it.
func (d *Deliverer) deliverNext(ctx context.Context, account int64, at *time.Time) (bool, error) {
	if ctx.Err() != nil {
		return false, nil
	}
	now := d.Now()
	var owner vox.Account
	var claimed []vox.Callback
	err := d.Store.Write(now, func(tx *store.Tx) (err error) {
		owner, _ = store.Accounts(tx).Get(account)
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

// Settle waits until nothing is in flight and nothing waits for its turn; what
// waits for a retry is left to the clock. Error: the context ends first.
func (d *Deliverer) Settle(ctx context.Context) error {
	d.mu.Lock()
	idle := d.idle
	d.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("callbacks are still on their way: %w", ctx.Err())
	}
}

// Pause cuts off what is in flight, which stays queued, and delivers nothing
// until as many calls of Resume follow. Once it returns, no worker is left.
func (d *Deliverer) Pause() {
	d.mu.Lock()
	d.paused++
	d.cut()
	idle := d.idle
	d.mu.Unlock()
	<-idle
}

// Resume ends a Pause and delivers what the queues hold.
func (d *Deliverer) Resume() {
	d.mu.Lock()
	d.paused--
	resumed := d.paused == 0
	if resumed {
		d.ctx, d.cut = context.WithCancel(context.Background())
	}
	d.mu.Unlock()
	if !resumed {
		return
	}
	for _, account := range d.waiting() {
		d.kick(account)
	}
}

// waiting lists the accounts with callbacks in the queue. It is a write,
// although it changes nothing, so that it runs after every write whose kick was
// ignored during the pause.
func (d *Deliverer) waiting() []int64 {
	var accounts []int64
	_ = d.Store.Write(d.Now(), func(tx *store.Tx) error { // the function returns no error
		for a := range store.Accounts(tx).All() {
			if first, ok := store.Callbacks(tx).First(a.ID, "pending", true); ok && first.State == vox.CallbackQueued {
				accounts = append(accounts, a.ID)
			}
		}
		return nil
	})
	return accounts
}
