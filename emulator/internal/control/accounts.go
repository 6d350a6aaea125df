package control

import (
	"net/http"

	"github.com/voxemu/voxemu/emulator/internal/lab"
	"github.com/voxemu/voxemu/emulator/vox"
)

type accountList struct {
	Accounts []vox.AccountSummary `json:"accounts"`
}

func (a *API) listAccounts(nothing) (accountList, error) { return accountList{a.Lab.Accounts()}, nil }

type createAccountInput struct{ Body vox.AccountRequest }

func (a *API) createAccount(in createAccountInput) (vox.CreatedAccount, error) {
	return a.Lab.CreateAccount(in.Body)
}

type keyList struct {
	Keys []lab.KeySummary `json:"keys"`
}

type listKeysInput struct {
	AccountID int64 `query:"account_id"`
}

func (a *API) listKeys(in listKeysInput) (keyList, error) {
	return keyList{a.Lab.Keys(in.AccountID)}, nil
}

type accountInput struct {
	ID int64 `path:"id"`
}

func (a *API) listTransactions(in accountInput) (lab.Books, error) { return a.Lab.Books(in.ID) }

func (a *API) deleteAccount(in accountInput) (done, error) { return ok, a.Lab.DeleteAccount(in.ID) }

type topUpInput struct {
	ID   int64 `path:"id"`
	Body struct {
		Amount vox.Money `json:"amount"`
	}
}

func (a *API) topUpAccount(in topUpInput) (vox.AccountSummary, error) {
	if in.Body.Amount.IsZero() || in.Body.Amount.IsNegative() {
		return vox.AccountSummary{}, &Problem{Status: http.StatusUnprocessableEntity, Member: "amount", Message: `amount: want more than 0, as a text such as "10.00"`}
	}
	if err := a.Lab.TopUp(in.ID, in.Body.Amount); err != nil {
		return vox.AccountSummary{}, err
	}
	return a.Lab.Account(in.ID)
}

type freezeInput struct {
	ID   int64 `path:"id"`
	Body struct {
		Frozen *bool `json:"frozen"`
	}
}

func (a *API) freezeAccount(in freezeInput) (vox.AccountSummary, error) {
	if err := a.Lab.SetAccountFrozen(in.ID, in.Body.Frozen == nil || *in.Body.Frozen); err != nil {
		return vox.AccountSummary{}, err
	}
	return a.Lab.Account(in.ID)
}

type keyInput struct {
	ID string `path:"id"`
}

func (a *API) getCredentials(in keyInput) (vox.Credentials, error) {
	return a.Lab.Credentials(in.ID, false)
}

func (a *API) generateCredentials(in keyInput) (vox.Credentials, error) {
	return a.Lab.Credentials(in.ID, true)
}

type keyToken struct {
	Token string `json:"token"`
}

func (a *API) createToken(in keyInput) (keyToken, error) {
	token, err := a.Lab.Token(in.ID)
	return keyToken{token}, err
}
