package main

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/spf13/cobra"
)

func resetCommand() *cobra.Command {
	var account int64
	c := controlCommand(&cobra.Command{
		Use:   "reset",
		Short: "Go back to the scenarios loaded last",
		Long: `Make a running emulator go back to the scenarios that it loaded last. Accounts made
over the control API are deleted. The clock keeps its time, and stays stopped if it
is; the journal stays.`,
		Example: "  voxemu reset",
		Args:    cobra.NoArgs,
	}, func(api controlAPI, _ []string) error {
		if account != 0 {
			path := fmt.Sprintf("/_voxemu/reset?account_id=%d", account)
			return api.print(http.MethodPost, path, nil, say(fmt.Sprintf("account %d reset", account)))
		}
		return api.print(http.MethodPost, "/_voxemu/reset", nil, func([]byte) (string, error) {
			health, err := api.get(api.command.Context(), "/_voxemu/health")
			if err != nil {
				return "", err
			}
			return inWords(func(h struct{ Scenario []string }) string {
				return "reset to " + strings.Join(h.Scenario, " + ")
			})(health)
		})
	})
	c.Flags().Var((*accountID)(&account), "account", "reset only the account with this `ID`: to what the scenarios have of it, or to what it was made with")
	return c
}
