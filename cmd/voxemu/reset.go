package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// jsonFlag adds --json to a command that talks to people by default.
func jsonFlag(c *cobra.Command, on *bool) {
	c.Flags().BoolVar(on, "json", false, "print the control door's answer, JSON")
}

func resetCommand() *cobra.Command {
	var host string
	var asJSON bool
	c := &cobra.Command{
		Use:     "reset",
		Short:   "Go back to the scenarios loaded last",
		Long:    "Have a running emulator go back to the scenarios that it loaded last.",
		Example: "  voxemu reset",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			emulator, err := openDoor(host)
			if err != nil {
				return err
			}
			answer, err := emulator.post(c.Context(), "/_voxemu/reset", nil)
			if err != nil {
				return err
			}
			if asJSON {
				_, err = c.OutOrStdout().Write(answer)
				return err
			}
			return printScenario(c, emulator)
		},
	}
	hostFlag(c, &host)
	jsonFlag(c, &asJSON)
	return c
}

// printScenario tells what the emulator went back to.
func printScenario(c *cobra.Command, emulator *door) error {
	answer, err := emulator.get(c.Context(), "/_voxemu/health")
	if err != nil {
		return err
	}
	var health struct{ Scenario []string }
	if err := json.Unmarshal(answer, &health); err != nil {
		return fmt.Errorf("%s: the answer is no JSON: %w", emulator.base, err)
	}
	_, err = fmt.Fprintln(c.OutOrStdout(), "reset to", strings.Join(health.Scenario, " + "))
	return err
}
