package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"github.com/spf13/cobra"
)

func snapshotsCommand() *cobra.Command {
	c := controlCommand(&cobra.Command{
		Use:   "snapshots",
		Short: "Print, take and restore snapshots of the state",
		Long: `Print the snapshots of a running emulator: states kept under a name, in memory.
Restoring one leaves the clock and the armed faults as they are.`,
		Example: `  voxemu snapshots take before
  voxemu snapshots compare before
  voxemu snapshots restore before`,
		Args: noArguments,
	}, func(api controlAPI, _ []string) error {
		return api.print(http.MethodGet, "/_voxemu/snapshots", nil, inWords(snapshotList.String))
	})
	c.AddCommand(takeSnapshotCommand(), compareSnapshotsCommand(),
		snapshotCommand("restore", "Go back to a snapshot", http.MethodPost, "/restore", "restored "),
		snapshotCommand("delete", "Delete a snapshot", http.MethodDelete, "", "deleted "))
	return c
}

type snapshotList struct {
	Snapshots []struct {
		Name    string
		TakenAt time.Time `json:"taken_at"`
	}
}

func (l snapshotList) String() string {
	rows := make([][]string, len(l.Snapshots))
	for i, s := range l.Snapshots {
		rows[i] = []string{s.Name, s.TakenAt.Format(time.RFC3339)}
	}
	return inColumns([]string{"NAME", "TAKEN AT"}, rows, "no snapshots")
}

func takeSnapshotCommand() *cobra.Command {
	return controlCommand(&cobra.Command{
		Use:     "take NAME",
		Short:   "Keep the state under a name",
		Example: "  voxemu snapshots take before",
		Args:    cobra.ExactArgs(1),
	}, func(api controlAPI, args []string) error {
		body, err := json.Marshal(map[string]string{"name": args[0]})
		if err != nil {
			return err
		}
		return api.print(http.MethodPost, "/_voxemu/snapshots", body, say("took "+args[0]))
	})
}

// snapshotCommand returns a command for an existing snapshot.
func snapshotCommand(name, short, verb, path, done string) *cobra.Command {
	return controlCommand(&cobra.Command{
		Use:     name + " NAME",
		Short:   short,
		Example: "  voxemu snapshots " + name + " before",
		Args:    cobra.ExactArgs(1),
		ValidArgsFunction: completeFrom("/_voxemu/snapshots", func(list snapshotList) []string {
			names := make([]string, len(list.Snapshots))
			for i, s := range list.Snapshots {
				names[i] = s.Name
			}
			return names
		}),
	}, func(api controlAPI, args []string) error {
		return api.print(verb, "/_voxemu/snapshots/"+url.PathEscape(args[0])+path, nil, say(done+args[0]))
	})
}
