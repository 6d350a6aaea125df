package control

import (
	"context"
)

// Callbacks are the notifications of the emulator, as its callback package
// describes them.
type Callbacks struct {
	// List gives the callbacks of an account, or of all (0), a list.
	List func(accountID int64) (any, error)
	// Redeliver queues a callback once more; unknown: [vox.ErrNotFound].
	Redeliver func(id int64) error
}

type callbackList struct {
	Callbacks any `json:"callbacks"`
}

type listCallbacksInput struct {
	AccountID int64 `query:"account_id"`
}

func (c Callbacks) list(_ context.Context, in listCallbacksInput) (callbackList, error) {
	list, err := c.List(in.AccountID)
	return callbackList{list}, err
}

type callbackInput struct {
	ID int64 `path:"id"`
}

func (c Callbacks) redeliver(_ context.Context, in callbackInput) (done, error) {
	return ok, c.Redeliver(in.ID)
}
