package control

import (
	"context"
	"fmt"
	"net/http"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Accounts are the customers, each a world of its own.
type Accounts struct {
	List func() []Account
	// Create makes an account with everything that a client needs.
	Create func(NewAccount) (FreshAccount, error)
	// Delete removes an account and all that is in it.
	Delete func(id int64) error
	// TopUp pays money in; unknown account: [ErrNotFound].
	TopUp func(id int64, amount vox.Money) error
	// Credentials gives a key's credentials.json; unknown: [ErrNotFound].
	Credentials func(keyID string) (Credentials, error)
}

// Account is what the door tells about an account; no secrets.
type Account struct {
	ID          int64     `json:"account_id"`
	ParentID    int64     `json:"parent_account_id,omitempty"`
	Name        string    `json:"name"`
	Email       string    `json:"email,omitempty"`
	Balance     vox.Money `json:"balance"`
	MoneyOnHold vox.Money `json:"money_on_hold"`
	CreditLimit vox.Money `json:"credit_limit"`
	Currency    string    `json:"currency"`
	Frozen      bool      `json:"frozen"`
}

// NewAccount says how an account is made; everything may be left out.
type NewAccount struct {
	// Name is unique; default: account-ID.
	Name string `json:"name"`
	// APIKey default: a random one.
	APIKey string `json:"api_key"`
	// Balance default: 100.00.
	Balance *vox.Money `json:"balance"`
	// Currency default: USD.
	Currency string `json:"currency"`
	// Roles of its key; default: Owner.
	Roles []vox.Role `json:"roles"`
	// Credentials false saves the tenth of a second that an RSA key takes;
	// default: true.
	Credentials *bool `json:"credentials"`
	// Applications are made in it; default: none.
	Applications []NewApplication `json:"applications"`
}

// NewApplication is an application to make.
type NewApplication struct {
	// Name is unique in the account; required.
	Name string `json:"name"`
	// Rules and Users are names, unique in the application.
	Rules []string `json:"rules"`
	Users []string `json:"users"`
}

// FreshAccount is an account that was just made, with its secrets.
type FreshAccount struct {
	Account
	APIKey string `json:"api_key"`
	KeyID  string `json:"key_id"`
	// Credentials is the content of credentials.json; nil: not asked for.
	Credentials  *Credentials       `json:"credentials,omitempty"`
	Applications []FreshApplication `json:"applications"`
}

// FreshApplication is an application that was just made.
type FreshApplication struct {
	ID int64 `json:"application_id"`
	// Name is the full one, as the API's replies carry it.
	Name  string  `json:"application_name"`
	Rules []Named `json:"rules"`
	Users []Named `json:"users"`
}

// Named is a rule or a user.
type Named struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// Credentials is what the official SDKs read from credentials.json
// (facts.md §2.2).
type Credentials struct {
	AccountEmail string `json:"account_email"`
	AccountID    int64  `json:"account_id"`
	KeyID        string `json:"key_id"`
	PrivateKey   string `json:"private_key"` // PKCS#8 PEM: Java accepts nothing else
}

type accountList struct {
	Accounts []Account `json:"accounts"`
}

func (a Accounts) list(context.Context, nothing) (accountList, error) {
	return accountList{a.List()}, nil
}

type createInput struct{ Body NewAccount }

func (a Accounts) create(_ context.Context, in createInput) (FreshAccount, error) {
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

func (a Accounts) topUp(_ context.Context, in topUpInput) (Account, error) {
	if in.Body.Amount.IsZero() || in.Body.Amount.IsNegative() {
		return Account{}, &Problem{Status: http.StatusUnprocessableEntity, Member: "amount", Message: `amount: want more than 0, as a text such as "10.00"`}
	}
	if err := a.TopUp(in.ID, in.Body.Amount); err != nil {
		return Account{}, err
	}
	for _, account := range a.List() {
		if account.ID == in.ID {
			return account, nil
		}
	}
	return Account{}, fmt.Errorf("account %d was deleted meanwhile: %w", in.ID, ErrNotFound)
}

type keyInput struct {
	ID string `path:"id"`
}

func (a Accounts) credentials(_ context.Context, in keyInput) (Credentials, error) {
	return a.Credentials(in.ID)
}
