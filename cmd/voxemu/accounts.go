package main

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios/document"
)

func accountsCommand() *cobra.Command {
	c := controlCommand(&cobra.Command{
		Use:   "accounts",
		Short: "Print, create and delete accounts, pay money in",
		Long:  "Print the accounts of a running emulator and their money.",
		Example: `  voxemu accounts create '{balance: "5.00"}'
  voxemu accounts top-up 1 10.00`,
		Args: noArguments,
	}, func(api controlAPI, _ []string) error {
		return api.print(http.MethodGet, "/_voxemu/accounts", nil, inWords(accountList.String))
	})
	c.AddCommand(createAccountCommand(), deleteAccountCommand(), topUpCommand(), transactionsCommand())
	return c
}

type accountList struct{ Accounts []account }

// account is an account in a reply of the control API; only a new one has its keys.
type account struct {
	ID       int64 `json:"account_id"`
	Name     string
	Balance  json.Number
	OnHold   json.Number `json:"money_on_hold"`
	Currency string
	Frozen   bool
	APIKey   string `json:"api_key"`
	KeyID    string `json:"key_id"`
}

func (l accountList) String() string {
	rows := make([][]string, len(l.Accounts))
	for i, a := range l.Accounts {
		state := "active"
		if a.Frozen {
			state = "frozen"
		}
		rows[i] = []string{fmt.Sprint(a.ID), a.Name, fmt.Sprintf("%s %s", a.Balance, a.Currency), a.OnHold.String(), state}
	}
	return inColumns([]string{"ID", "NAME", "BALANCE", "ON HOLD", "STATE"}, rows, "no accounts")
}

func createAccountCommand() *cobra.Command {
	return controlCommand(&cobra.Command{
		Use:   "create [REQUEST|FILE]",
		Short: "Create an account with an api key and a service-account key",
		Long: `Create an account and print its api key and the id of its service-account key, of
which voxemu credentials prints the credentials.json. REQUEST is in YAML or JSON as
the control API takes it: given itself, beginning with {, or in a file, - for
standard input; without it the account has 100.00 USD and nothing else.`,
		Example: `  voxemu accounts create '{name: shop, balance: "5.00", applications: [{name: pbx, users: [alice]}]}'`,
		Args:    cobra.MaximumNArgs(1),
	}, func(api controlAPI, args []string) error {
		source, request := document.Source{}, json.RawMessage("{}")
		if len(args) > 0 {
			var err error
			if source, request, err = readObject(api.command, args[0], new(vox.AccountRequest)); err != nil {
				return err
			}
		}
		return placed(source, api.print(http.MethodPost, "/_voxemu/accounts", request, inWords(func(a account) string {
			return fmt.Sprintf("account %d (%s), balance %s %s, api key %s, key %s", a.ID, a.Name, a.Balance, a.Currency, a.APIKey, a.KeyID)
		})))
	})
}

func deleteAccountCommand() *cobra.Command {
	return controlCommand(&cobra.Command{
		Use:     "delete ID",
		Short:   "Delete an account and all that is in it",
		Example: "  voxemu accounts delete 2",
		Args:    cobra.ExactArgs(1),
	}, func(api controlAPI, args []string) error {
		id, err := number("ID", args[0], "the number of an account")
		if err != nil {
			return err
		}
		return api.print(http.MethodDelete, fmt.Sprintf("/_voxemu/accounts/%d", id), nil, say(fmt.Sprintf("deleted account %d", id)))
	})
}

func topUpCommand() *cobra.Command {
	return controlCommand(&cobra.Command{
		Use:     "top-up ID AMOUNT",
		Short:   "Pay money into an account",
		Example: "  voxemu accounts top-up 1 10.00",
		Args:    cobra.ExactArgs(2),
	}, func(api controlAPI, args []string) error {
		id, err := number("ID", args[0], "the number of an account")
		if err != nil {
			return err
		}
		body, err := json.Marshal(map[string]string{"amount": args[1]})
		if err != nil {
			return err
		}
		return api.print(http.MethodPost, fmt.Sprintf("/_voxemu/accounts/%d/top-up", id), body, inWords(func(a account) string {
			return fmt.Sprintf("account %d: balance %s %s", a.ID, a.Balance, a.Currency)
		}))
	})
}
