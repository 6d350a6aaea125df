package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/voxemu/voxemu/emulator/journal"
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
		list = append(list, callbackOf(c))
	}
	return callbackList{list}, nil
}

func callbackOf(c vox.Callback) callback {
	return callback{
		ID: c.ID, AccountID: c.AccountID, Type: c.Type, Detail: json.RawMessage(c.Detail), State: c.State,
		Attempts: c.Attempts, CreatedAt: c.CreatedAt, NextAttempt: c.NextAttempt,
		LastStatus: c.LastStatus, LastFailure: c.LastFailure,
	}
}

// callbackDetail is a callback with what is sent and the attempts in the journal.
type callbackDetail struct {
	callback
	URL     string            `json:"url,omitempty"`
	Payload json.RawMessage   `json:"payload"`
	Hash    string            `json:"hash"`
	Journal []callbackAttempt `json:"journal"`
}

// callbackAttempt is an attempt to deliver a callback.
type callbackAttempt struct {
	Request int64     `json:"request"`
	Attempt int       `json:"attempt"`
	At      time.Time `json:"at"`
	URL     string    `json:"url,omitempty"`
	Status  int       `json:"status,omitempty"`
	Failure string    `json:"failure,omitempty"`
	Reply   string    `json:"reply,omitempty"`
	// HashFits reports whether the hash that was sent is that of the account's current salt
	// and api key; nil: the journal does not have the whole body.
	HashFits *bool `json:"hash_fits,omitempty"`
}

func (a *API) getCallback(in callbackInput) (callbackDetail, error) {
	c, err := a.Lab.CallbackPayload(in.ID)
	if err != nil {
		return callbackDetail{}, err
	}
	detail := callbackDetail{callback: callbackOf(c.Callback), URL: c.URL, Payload: c.Payload, Hash: c.Hash, Journal: []callbackAttempt{}}
	for _, r := range a.Journal.Find(journal.Filter{Kind: journal.CallbackRequest, CallbackID: in.ID}) {
		detail.Journal = append(detail.Journal, callbackAttempt{
			Request: r.Number, Attempt: r.Attempt, At: r.At, URL: r.URL, Status: r.Status, Failure: r.Failure,
			Reply: r.Reply, HashFits: hashFits(r.Request, in.ID, c.Hash),
		})
	}
	return detail, nil
}

// hashFits reports whether a body has the hash for a callback; nil: it is not there.
func hashFits(body string, id int64, hash string) *bool {
	var sent struct {
		Callbacks []struct {
			ID   int64  `json:"callback_id"`
			Hash string `json:"hash"`
		} `json:"callbacks"`
	}
	if err := json.Unmarshal([]byte(body), &sent); err != nil {
		return nil
	}
	for _, c := range sent.Callbacks {
		if c.ID == id {
			return new(c.Hash == hash)
		}
	}
	return nil
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
