package main

import (
	"fmt"
	"net/http"

	"github.com/spf13/cobra"
)

func callbacksCommand() *cobra.Command {
	var account int64
	c := controlCommand(&cobra.Command{
		Use:   "callbacks",
		Short: "Print the callbacks and what became of them",
		Long: `Print the callbacks of all accounts, delivered or not, oldest first. The attempts
to deliver them are in the journal: voxemu requests.`,
		Example: "  voxemu callbacks --account 1\n  voxemu callbacks redeliver 3",
		Args:    noArguments,
	}, func(api controlAPI, _ []string) error {
		path := "/_voxemu/callbacks"
		if account != 0 {
			path += fmt.Sprint("?account_id=", account)
		}
		return api.print(http.MethodGet, path, nil, inWords(callbackList.String))
	})
	accountFlag(c, &account)
	c.AddCommand(redeliverCommand(), showCallbackCommand())
	return c
}

type callbackList struct {
	Callbacks []struct {
		ID, Attempts int64
		AccountID    int64 `json:"account_id"`
		Type, State  string
		LastFailure  string `json:"last_failure"`
	}
}

func (l callbackList) String() string {
	rows := make([][]string, len(l.Callbacks))
	for i, c := range l.Callbacks {
		rows[i] = []string{fmt.Sprint(c.ID), fmt.Sprint(c.AccountID), c.Type, c.State, fmt.Sprint(c.Attempts), c.LastFailure}
	}
	return inColumns([]string{"ID", "ACCOUNT", "TYPE", "STATE", "ATTEMPTS", "LAST FAILURE"}, rows, "no callbacks")
}

func redeliverCommand() *cobra.Command {
	return controlCommand(&cobra.Command{
		Use:     "redeliver ID",
		Short:   "Send a callback once more",
		Example: "  voxemu callbacks redeliver 3",
		Args:    cobra.ExactArgs(1),
	}, func(api controlAPI, args []string) error {
		id, err := number("ID", args[0], "the number of a callback")
		if err != nil {
			return err
		}
		return api.print(http.MethodPost, fmt.Sprintf("/_voxemu/callbacks/%d/redeliver", id), nil, say(fmt.Sprintf("callback %d is sent once more", id)))
	})
}
