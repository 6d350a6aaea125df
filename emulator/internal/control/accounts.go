package control

import (
	"context"
	"fmt"
	"net/http"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Accounts are the customers, each a world of its own.
type Accounts struct {
	List func() []vox.AccountSummary
	// Create makes an account with everything that a client needs.
	Create func(vox.AccountRequest) (vox.CreatedAccount, error)
	// Delete removes an account and all that is in it.
	Delete func(id int64) error
	// TopUp pays money in; unknown account: [vox.ErrNotFound].
	TopUp func(id int64, amount vox.Money) error
	// Credentials gives a key's credentials.json; unknown: [vox.ErrNotFound].
	Credentials func(keyID string) (vox.Credentials, error)
}

type accountList struct {
	Accounts []vox.AccountSummary `json:"accounts"`
}

func (a Accounts) list(context.Context, nothing) (accountList, error) {
	return accountList{a.List()}, nil
}

type createInput struct{ Body vox.AccountRequest }

func (a Accounts) create(_ context.Context, in createInput) (vox.CreatedAccount, error) {
	return a.Create(in.Body)
}

type accountInput struct {
	ID int64 `path:"id"`
}

func (a Accounts) delete(_ context.Context, in accountInput) (done, error) {
	return ok, a.Delete(in.ID)
}

type topUpInput struct {
	ID   int64 `path:"id"`
	Body struct {
		Amount vox.Money `json:"amount"`
	}
}

func (a Accounts) topUp(_ context.Context, in topUpInput) (vox.AccountSummary, error) {
	if in.Body.Amount.IsZero() || in.Body.Amount.IsNegative() {
		return vox.AccountSummary{}, &Problem{Status: http.StatusUnprocessableEntity, Member: "amount", Message: `amount: want more than 0, as a text such as "10.00"`}
	}
	if err := a.TopUp(in.ID, in.Body.Amount); err != nil {
		return vox.AccountSummary{}, err
	}
	for _, account := range a.List() {
		if account.ID == in.ID {
			return account, nil
		}
	}
	return vox.AccountSummary{}, fmt.Errorf("account %d was deleted meanwhile: %w", in.ID, vox.ErrNotFound)
}

type keyInput struct {
	ID string `path:"id"`
}

func (a Accounts) credentials(_ context.Context, in keyInput) (vox.Credentials, error) {
	return a.Credentials(in.ID)
}
