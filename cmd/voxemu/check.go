package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/emulator"
)

func checkCommand() *cobra.Command {
	var below []string
	c := &cobra.Command{
		Use:   "check FILE…",
		Short: "Check scenario files and report all mistakes",
		Long: `Check scenarios, each on its own, and report all mistakes of all of them. --on is
for files that refer to rows of other scenarios.`,
		Example: "  voxemu check --on demo mine.yaml",
		Args:    cobra.MinimumNArgs(1),
		RunE:    func(c *cobra.Command, files []string) error { return check(c, below, files) },
	}
	c.Flags().StringArrayVar(&below, "on", nil, "built-in `NAME` or file that each FILE is merged into; repeat for several")
	return c
}

func check(c *cobra.Command, below, files []string) error {
	reader, err := emulator.ScenarioReader()
	if err != nil {
		return err
	}
	broken := 0
	for _, file := range files {
		if _, err := reader.Load(append(slices.Clone(below), file)...); err != nil {
			broken++
			fmt.Fprintln(c.ErrOrStderr(), err)
			continue
		}
		fmt.Fprintf(c.OutOrStdout(), "%s: ok\n", file)
	}
	if broken > 0 {
		return fmt.Errorf("%d of %d scenarios cannot be loaded", broken, len(files))
	}
	return nil
}
