package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/scenarios/document"
)

func stateCommand() *cobra.Command {
	var secrets, asJSON bool
	c := downloadCommand(&cobra.Command{
		Use:   "state",
		Short: "Print or replace the state of a running emulator",
		Long: `Print the state of a running emulator as a scenario. Without --secrets it lacks
api keys, passwords and private keys, so that loading it does not give the same
state.`,
		Example: "  voxemu state --secrets --out saved.yaml\n  voxemu state import saved.yaml",
		Args:    noArguments,
	}, http.MethodGet, 0o600, func() (string, error) { return statePath(secrets, asJSON), nil })
	c.Flags().BoolVar(&secrets, "secrets", false, "include api keys, passwords and private keys")
	c.Flags().BoolVar(&asJSON, "json", false, "JSON instead of YAML")
	c.AddCommand(importCommand())
	return c
}

func statePath(secrets, asJSON bool) string {
	query := url.Values{}
	if secrets {
		query.Set("secrets", "true")
	}
	if asJSON {
		query.Set("format", "json")
	}
	return "/_voxemu/state?" + query.Encode()
}

func importCommand() *cobra.Command {
	return controlCommand(&cobra.Command{
		Use:   "import FILE",
		Short: "Replace the state of a running emulator",
		Long: `Replace the state of a running emulator by a scenario in YAML or JSON, - for
standard input; all or nothing. voxemu reset still goes back to the scenarios that
were loaded.`,
		Example: "  voxemu state import saved.yaml",
		Args:    cobra.ExactArgs(1),
	}, func(api controlAPI, args []string) error {
		text, err := readInput(api.command, args[0])
		if err != nil {
			return err
		}
		return api.print(http.MethodPut, "/_voxemu/state", text, say("state replaced by "+args[0]))
	})
}

// readInput reads a file, or standard input if name is -. It returns the text in UTF-8
// without a byte order mark.
func readInput(c *cobra.Command, name string) ([]byte, error) {
	var text []byte
	var err error
	if name == "-" {
		name = "standard input"
		text, err = io.ReadAll(c.InOrStdin())
	} else {
		text, err = os.ReadFile(name)
	}
	if err != nil {
		return nil, err
	}
	if text, err = document.UTF8(text); err != nil {
		return nil, fmt.Errorf("%s %w", name, err)
	}
	return text, nil
}
