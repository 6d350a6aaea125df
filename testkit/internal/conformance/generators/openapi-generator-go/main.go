// Command main calls an emulator through clients that are generated beside it.
package main

import (
	"context"
	"fmt"
	"os"

	"generated/api"
	"generated/control"
)

func main() {
	settings := api.NewConfiguration()
	settings.Servers = api.ServerConfigurations{{URL: os.Getenv("URL")}}
	ctx := context.WithValue(context.Background(), api.ContextAPIKeys, map[string]api.APIKey{
		"accountId": {Key: "1"}, "apiKey": {Key: "demo-key"},
	})
	client := api.NewAPIClient(settings).SIPRegistrationAPI

	list, _, err := client.GetSipRegistrations(ctx).StatusCode("200;403").Deactivated(false).Execute()
	check(err)
	fmt.Print("list ")
	for i, r := range list.GetSipRegistrationsResult.Result {
		if i > 0 {
			fmt.Print(",")
		}
		fmt.Print(r.SipRegistrationId)
	}
	fmt.Println()
	created, _, err := client.CreateSipRegistration(ctx).SipUsername("JohnGalt").Proxy("sip.example.com").Execute()
	check(err)
	id := created.CreateSipRegistrationResult.SipRegistrationId
	fmt.Println("create", id)
	refused, _, err := client.CreateSipRegistration(ctx).SipUsername("").Proxy("sip.example.com").Execute()
	check(err)
	fmt.Println("error", refused.ErrorReply.Error.Code)
	deleted, _, err := client.DeleteSipRegistration(ctx).SipRegistrationId(id).Execute()
	check(err)
	fmt.Println("delete", deleted.Done.Result)
	own := control.NewConfiguration()
	own.Servers = control.ServerConfigurations{{URL: os.Getenv("URL")}}
	accounts, _, err := control.NewAPIClient(own).AccountsAPI.ListAccounts(context.Background()).Execute()
	check(err)
	fmt.Println("control", accounts.Accounts[0].Name)
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
