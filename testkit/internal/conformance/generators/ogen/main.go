// Command main calls an emulator through clients that are generated beside it.
package main

import (
	"context"
	"fmt"
	"os"

	"generated/api"
	"generated/control"

	"github.com/ogen-go/ogen/ogenerrors"
)

// credentials are the account's id and key; other ways to log in are skipped.
type credentials struct{}

func (credentials) AccountId(context.Context, api.OperationName) (api.AccountId, error) {
	return api.AccountId{APIKey: "1"}, nil
}

func (credentials) ApiKey(context.Context, api.OperationName) (api.ApiKey, error) {
	return api.ApiKey{APIKey: "demo-key"}, nil
}

func (credentials) Password(context.Context, api.OperationName) (api.Password, error) {
	return api.Password{}, ogenerrors.ErrSkipClientSecurity
}

func (credentials) ServiceAccount(context.Context, api.OperationName) (api.ServiceAccount, error) {
	return api.ServiceAccount{}, ogenerrors.ErrSkipClientSecurity
}

func (credentials) Session(context.Context, api.OperationName) (api.Session, error) {
	return api.Session{}, ogenerrors.ErrSkipClientSecurity
}

// open is the way into a control API without a token.
type open struct{}

func (open) Token(context.Context, control.OperationName) (control.Token, error) {
	return control.Token{}, ogenerrors.ErrSkipClientSecurity
}

func main() {
	ctx := context.Background()
	client, err := api.NewClient(os.Getenv("URL"), credentials{})
	check(err)

	list, err := client.GetSipRegistrations(ctx, api.NewOptGetSipRegistrationsArguments(api.GetSipRegistrationsArguments{
		StatusCode: api.NewOptString("200;403"), Deactivated: api.NewOptBool(false),
	}))
	check(err)
	fmt.Print("list ")
	for i, r := range list.GetSipRegistrationsResult.Result {
		if i > 0 {
			fmt.Print(",")
		}
		fmt.Print(r.SipRegistrationID)
	}
	fmt.Println()
	created, err := client.CreateSipRegistration(ctx, api.NewOptCreateSipRegistrationArguments(
		api.CreateSipRegistrationArguments{SipUsername: "JohnGalt", Proxy: "sip.example.com"}))
	check(err)
	id := created.CreateSipRegistrationResult.SipRegistrationID
	fmt.Println("create", id)
	refused, err := client.CreateSipRegistration(ctx, api.NewOptCreateSipRegistrationArguments(
		api.CreateSipRegistrationArguments{SipUsername: "", Proxy: "sip.example.com"}))
	check(err)
	fmt.Println("error", refused.ErrorReply.Error.Code)
	deleted, err := client.DeleteSipRegistration(ctx, api.NewOptDeleteSipRegistrationArguments(
		api.DeleteSipRegistrationArguments{SipRegistrationID: id}))
	check(err)
	fmt.Println("delete", deleted.Done.Result)
	own, err := control.NewClient(os.Getenv("URL"), open{})
	check(err)
	accounts, err := own.ListAccounts(ctx)
	check(err)
	fmt.Println("control", accounts.Accounts[0].Name)
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
