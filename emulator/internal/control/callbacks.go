package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/voxemu/voxemu/emulator/vox"
)

// callback is a callback in the control API: with its detail as JSON instead of a text,
// and without its receiver.
type callback struct {
	ID          int64             `json:"id"`
	AccountID   int64             `json:"account_id"`
	Type        vox.CallbackType  `json:"type"`
	Detail      json.RawMessage   `json:"detail"`
	State       vox.CallbackState `json:"state"`
	Attempts    int64             `json:"attempts"`
	CreatedAt   time.Time         `json:"created_at"`
	NextAttempt time.Time         `json:"next_attempt,omitzero"`
	LastStatus  int64             `json:"last_status,omitempty"`
	LastFailure string            `json:"last_failure,omitempty"`
}

type callbackList struct {
	Callbacks []callback `json:"callbacks"`
}

type listCallbacksInput struct {
	AccountID int64 `query:"account_id"`
}

func (a *API) listCallbacks(in listCallbacksInput) (callbackList, error) {
	list := []callback{}
	for _, c := range a.Lab.Callbacks(in.AccountID) {
		list = append(list, callback{
			ID: c.ID, AccountID: c.AccountID, Type: c.Type, Detail: json.RawMessage(c.Detail), State: c.State,
			Attempts: c.Attempts, CreatedAt: c.CreatedAt, NextAttempt: c.NextAttempt,
			LastStatus: c.LastStatus, LastFailure: c.LastFailure,
		})
	}
	return callbackList{list}, nil
}

// settleLimit limits the wait for receivers of callbacks, on the machine's clock.
const settleLimit = time.Minute

func (a *API) settleCallbacks(ctx context.Context, _ nothing) (done, error) {
	ctx, cancel := context.WithTimeout(ctx, settleLimit)
	defer cancel()
	err := a.Lab.Settle(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("%w: callbacks are still being delivered after %s", vox.ErrConflict, settleLimit)
	}
	return ok, err
}

type callbackInput struct {
	ID int64 `path:"id"`
}

func (a *API) redeliverCallback(in callbackInput) (done, error) { return ok, a.Lab.Redeliver(in.ID) }
