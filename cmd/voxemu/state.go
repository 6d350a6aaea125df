package main

import (
	"fmt"
	"io"
	"net/url"
	"os"

	"github.com/spf13/cobra"
)

func stateCommand() *cobra.Command {
	var host, out string
	var secrets, asJSON bool
	c := &cobra.Command{
		Use:   "state",
		Short: "Print or replace the state of a running emulator",
		Long: `Print the state of a running emulator as a scenario. Without --secrets it lacks
api keys, passwords and private keys, so that loading it does not give the same
state.`,
		Example: "  voxemu state --secrets --out saved.yaml\n  voxemu state import saved.yaml",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			emulator, err := openDoor(host)
			if err != nil {
				return err
			}
			text, err := emulator.get(c.Context(), statePath(secrets, asJSON))
			if err != nil {
				return err
			}
			if out != "" {
				return writeFile(out, text, 0o600)
			}
			_, err = c.OutOrStdout().Write(text)
			return err
		},
	}
	hostFlag(c, &host)
	c.Flags().BoolVar(&secrets, "secrets", false, "include api keys, passwords and private keys")
	c.Flags().BoolVar(&asJSON, "json", false, "JSON instead of YAML")
	c.Flags().StringVar(&out, "out", "", "write `FILE`, readable by its owner only, instead of standard output")
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
	var host string
	var asJSON bool
	c := &cobra.Command{
		Use:   "import FILE",
		Short: "Replace the state of a running emulator",
		Long: `Replace the state of a running emulator by a scenario in YAML or JSON, - for
standard input; all or nothing. voxemu reset still goes back to the scenarios that
were loaded.`,
		Example: "  voxemu state import saved.yaml",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			text, err := readInput(c, args[0])
			if err != nil {
				return err
			}
			emulator, err := openDoor(host)
			if err != nil {
				return err
			}
			answer, err := emulator.put(c.Context(), "/_voxemu/state", text)
			if err != nil {
				return err
			}
			if asJSON {
				_, err = c.OutOrStdout().Write(answer)
				return err
			}
			_, err = fmt.Fprintln(c.OutOrStdout(), "state replaced by", args[0])
			return err
		},
	}
	hostFlag(c, &host)
	jsonFlag(c, &asJSON)
	return c
}

// readInput reads a file, or standard input for -.
func readInput(c *cobra.Command, name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(c.InOrStdin())
	}
	return os.ReadFile(name)
}
