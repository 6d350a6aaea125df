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

// didYouMean is the end of an error message about an unknown word.
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

// explained returns the mistakes in a request, one per line, with suggestions for methods
// and parameters.
func explained(request journal.Request) []string {
	lines := request.Explain()
	if !request.UnknownMethod && len(request.UnknownParameters) == 0 {
		return lines
	}
	reader, _ := emulator.ScenarioReader() // with an invalid specification no names are known, and no emulator runs
	known := reader.Known.Parameters
	if request.UnknownMethod {
		lines[0] += didYouMean(request.Method, slices.Sorted(maps.Keys(known)))
	}
	unknown := lines[len(lines)-len(request.UnknownParameters):] // these are the last lines
	for i, name := range request.UnknownParameters {
		unknown[i] += didYouMean(name, known[request.Method])
	}
	return lines
}
