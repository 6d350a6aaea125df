package callback

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Note derives callbacks from the changes of a transaction and adds them to it;
// [store.Store.Observe] calls it before the commit. Events of one type for one account in
// one transaction share a callback, in the order of the rows' ids, registrations before
// accounts. An account without a callback_url has no callbacks (A43). An error is a bug;
// it aborts the transaction.
func (d *Deliverer) Note(tx *store.Tx) error {
	happened, err := derive(tx)
	if err != nil {
		return err
	}
	if len(happened) == 0 {
		return nil
	}
	for _, id := range slices.Sorted(maps.Keys(happened)) {
		account, _ := store.Get(tx, store.Accounts, id)
		if account.CallbackURL == "" {
			continue
		}
		if err := d.queue(tx, account, happened[id]); err != nil {
			return err
		}
		d.kick(id) // the worker's transaction waits for the end of this one
	}
	return nil
}

// draft is a callback under construction.
type draft struct {
	kind  vox.CallbackType
	list  string
	items []any
}

// derive collects the events by account, and marks reported failures.
func derive(tx *store.Tx) (map[int64][]*draft, error) {
	var happened map[int64][]*draft
	for before, after := range store.Changes(tx, store.Registrations) {
		owner := after
		if after == nil {
			owner = before
		}
		happened = add(happened, owner.AccountID, ofRegistration(tx, before, after))
		if after != nil && after.Failing != failing(tx, after) {
			marked := *after
			marked.Failing = !marked.Failing
			if err := store.Put(tx, store.Registrations, marked); err != nil {
				return nil, err
			}
		}
	}
	for before, after := range store.Changes(tx, store.Accounts) {
		if after != nil {
			happened = add(happened, after.ID, ofAccount(before, after))
		}
	}
	return happened, nil
}

// add appends events to those of the same type and account.
func add(happened map[int64][]*draft, account int64, events []event) map[int64][]*draft {
	if happened == nil && len(events) > 0 {
		happened = map[int64][]*draft{}
	}
	for _, e := range events {
		drafts := happened[account]
		i := slices.IndexFunc(drafts, func(d *draft) bool { return d.kind == e.kind })
		if i < 0 {
			i = len(drafts)
			drafts = append(drafts, &draft{kind: e.kind, list: e.list})
			happened[account] = drafts
		}
		drafts[i].items = append(drafts[i].items, e.item)
	}
	return happened
}

func (d *draft) json() (string, error) {
	var details any = d.items[0]
	if d.list != "" {
		details = map[string][]any{d.list: d.items}
	}
	text, err := json.Marshal(details)
	return string(text), err
}

// queue stores an account's new callbacks as one batch.
func (d *Deliverer) queue(tx *store.Tx, account vox.Account, drafts []*draft) error {
	full := d.full(tx, account.ID)
	first := store.NextID(tx, store.Callbacks)
	for _, draft := range drafts {
		c := vox.Callback{
			ID: store.NextID(tx, store.Callbacks), AccountID: account.ID, Batch: first, Type: draft.kind,
			Balance: account.Balance, CreatedAt: tx.Now(), NextAttempt: tx.Now(), State: vox.CallbackQueued,
		}
		var err error
		if c.Detail, err = draft.json(); err != nil {
			return err
		}
		if full {
			drop(&c, fmt.Sprintf("%d callbacks of the account were waiting already", d.Limit))
			d.Logger.Error("callback dropped", "callback", c.ID, "type", c.Type, "account", c.AccountID, "reason", c.LastFailure)
		}
		if err := store.Put(tx, store.Callbacks, c); err != nil {
			return err
		}
		forget(tx, c.ID-kept)
	}
	return nil
}

// full reports whether the account's queue has reached its limit.
func (d *Deliverer) full(tx *store.Tx, account int64) bool {
	return store.Count(tx, store.Callbacks, account, store.CallbackPending.Is(true)) >= d.Limit
}

func drop(c *vox.Callback, why string) {
	c.State, c.LastFailure = vox.CallbackDropped, why
}

// forget deletes a callback that is final and among the oldest.
func forget(tx *store.Tx, id int64) {
	if c, ok := store.Get(tx, store.Callbacks, id); ok && c.State.Final() {
		store.Delete(tx, store.Callbacks, id)
	}
}
