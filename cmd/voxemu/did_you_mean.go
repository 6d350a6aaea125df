package main

import (
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
)

// didYouMean is what an error message about an unknown word ends in.
func didYouMean(word string, known []string) string {
	if near, ok := vox.Nearest(word, known); ok && near != word {
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

// explained is what is wrong with a request, a line each, with the methods and
// parameters that were probably meant.
func explained(request journal.Request) []string {
	lines := request.Explain()
	if !request.UnknownMethod && len(request.UnknownParameters) == 0 {
		return lines
	}
	reader, _ := emulator.ScenarioReader() // a broken specification, which starts no emulator, knows no names
	known := reader.Known.Parameters
	if request.UnknownMethod {
		lines[0] += didYouMean(request.Method, slices.Sorted(maps.Keys(known)))
	}
	unknown := lines[len(lines)-len(request.UnknownParameters):] // the last ones
	for i, name := range request.UnknownParameters {
		unknown[i] += didYouMean(name, known[request.Method])
	}
	return lines
}
