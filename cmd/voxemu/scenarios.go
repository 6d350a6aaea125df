package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/scenarios"
)

func scenariosCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "scenarios",
		Short:   "List the built-in scenarios and what they are for",
		Example: "  voxemu scenarios\n  voxemu scenarios show outage > mine.yaml",
		Args:    noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			for _, name := range scenarios.Names() {
				fmt.Fprintf(c.OutOrStdout(), "%-18s %s\n", name, scenarios.Description(name))
			}
			return nil
		},
	}
	c.AddCommand(showScenarioCommand())
	return c
}

func showScenarioCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "show NAME",
		Short:   "Print a built-in scenario, to read or to begin a file with",
		Example: "  voxemu scenarios show outage > mine.yaml",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			text, ok := scenarios.Builtin(args[0])
			if !ok {
				return fmt.Errorf("scenario %q is not built in (%s)%s", args[0], strings.Join(scenarios.Names(), ", "), didYouMean(args[0], scenarios.Names()))
			}
			_, err := c.OutOrStdout().Write(text)
			return err
		},
	}
}
