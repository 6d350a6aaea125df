package main

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/spf13/cobra"
)

func keysCommand() *cobra.Command {
	return controlCommand(&cobra.Command{
		Use:   "keys",
		Short: "Print the service-account keys and their roles",
		Long: `Print the service-account keys of a running emulator, without secrets. voxemu
credentials --key ID prints the credentials.json of one.`,
		Example: "  voxemu keys",
		Args:    cobra.NoArgs,
	}, func(api controlAPI, _ []string) error {
		return api.print(http.MethodGet, "/_voxemu/keys", nil, inWords(keyList.String))
	})
}

type keyList struct {
	Keys []struct {
		ID        string
		AccountID int64 `json:"account_id"`
		Roles     []string
	}
}

func (l keyList) String() string {
	rows := make([][]string, len(l.Keys))
	for i, k := range l.Keys {
		rows[i] = []string{k.ID, fmt.Sprint(k.AccountID), strings.Join(k.Roles, ", ")}
	}
	return inColumns([]string{"ID", "ACCOUNT", "ROLES"}, rows, "no keys")
}
