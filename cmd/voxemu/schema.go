package main

import (
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/scenarios"
)

// schemas return the JSON Schemas, by the kind of file. They are copies of 160 KB, which
// the start of other commands does not make.
func schemas() map[string]func() []byte {
	return map[string]func() []byte{
		"scenario":    scenarios.Schema,
		"rule":        scenarios.RuleSchema,
		"expectation": scenarios.ExpectationSchema,
	}
}

func schemaCommand() *cobra.Command {
	kinds := slices.Sorted(maps.Keys(schemas()))
	return &cobra.Command{
		Use:   "schema [KIND]",
		Short: "Print the JSON Schema of scenarios, rules or expectations, for editors",
		Long: `Print a JSON Schema, with which an editor completes and checks files. KIND is
scenario (default), rule (a file of voxemu faults add) or expectation (a file of
voxemu verify).`,
		Example:   "  voxemu schema > scenario.schema.json\n  voxemu schema rule > rule.schema.json",
		Args:      cobra.MaximumNArgs(1),
		ValidArgs: kinds,
		RunE: func(c *cobra.Command, args []string) error {
			kind := "scenario"
			if len(args) > 0 {
				kind = args[0]
			}
			schema, ok := schemas()[kind]
			if !ok {
				return wrongUsage("unknown kind %q; want one of %s%s", kind, strings.Join(kinds, ", "), didYouMean(kind, kinds))
			}
			_, err := c.OutOrStdout().Write(schema())
			return err
		},
	}
}
