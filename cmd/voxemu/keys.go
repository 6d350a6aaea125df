package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/spf13/cobra"
)

func keysCommand() *cobra.Command {
	c := controlCommand(&cobra.Command{
		Use:   "keys",
		Short: "Print the service-account keys and their roles",
		Long: `Print the service-account keys of a running emulator, without secrets. voxemu
credentials --key ID prints the credentials.json of one.`,
		Example: "  voxemu keys",
		Args:    cobra.NoArgs,
	}, func(api controlAPI, _ []string) error {
		state, err := api.call(api.command.Context(), http.MethodGet, "/_voxemu/state?format=json", nil)
		if err != nil {
			return err
		}
		text, err := inWords(func(list keyList) string { return list.in(api.asJSON) })(state)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(api.command.OutOrStdout(), text)
		return err
	})
	c.Flag("json").Usage = `print JSON: {"keys":[…]}`
	return c
}

// keyList is the section of a state with the keys.
type keyList struct {
	Keys []struct {
		ID        string   `json:"id"`
		AccountID int64    `json:"account_id"`
		Roles     []string `json:"roles"`
	} `json:"keys"`
}

func (l keyList) in(asJSON bool) string {
	if asJSON {
		text, _ := json.MarshalIndent(l, "", "  ") // cannot fail: it was decoded from JSON
		return string(text)
	}
	rows := make([][]string, len(l.Keys))
	for i, k := range l.Keys {
		rows[i] = []string{k.ID, fmt.Sprint(k.AccountID), strings.Join(k.Roles, ", ")}
	}
	return inColumns([]string{"ID", "ACCOUNT", "ROLES"}, rows, "no keys")
}
