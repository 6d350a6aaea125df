package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/emulator/vox"
)

// didYouMean is what an error message about an unknown word ends in.
func didYouMean(word string, known []string) string {
	if near, ok := vox.Nearest(word, known); ok {
		return "; did you mean " + near + "?"
	}
	return ""
}

// noArguments is [cobra.NoArgs] for a command that has subcommands.
func noArguments(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var known []string
	for _, sub := range c.Commands() {
		known = append(known, sub.Name())
	}
	return fmt.Errorf("unknown command %q for %q%s", args[0], c.CommandPath(), didYouMean(args[0], known))
}
