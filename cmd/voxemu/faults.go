package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"
	"text/tabwriter"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"
)

func faultsCommand() *cobra.Command {
	var to doorFlags
	c := &cobra.Command{
		Use:   "faults",
		Short: "Print or change what goes wrong on purpose",
		Long: `Print the armed faults of a running emulator in their order: how many calls each
has taken, how many more it may take, and its rule.`,
		Example: `  voxemu faults add '{name: poor, when: {method: CreateSipRegistration}, then: {api_error: INSUFFICIENT_MONEY}, times: 1}'
  voxemu faults`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			emulator, err := openDoor(to.host)
			if err != nil {
				return err
			}
			answer, err := emulator.get(c.Context(), "/_voxemu/faults")
			if err != nil {
				return err
			}
			return show(c, to, answer, func(list faultList) error { return list.print(c.OutOrStdout()) })
		},
	}
	to.add(c)
	c.AddCommand(addFaultCommand(), removeFaultCommand(), clearFaultsCommand())
	return c
}

type faultList struct{ Faults []armedFault }

// armedFault is a rule and what became of it.
type armedFault struct {
	Name      string
	Hits      int64
	Remaining *int64 // nil: without limit
	Rule      faultRule
}

// faultRule is a rule without its name, as it was given.
type faultRule struct {
	When     json.RawMessage `json:"when,omitempty"`
	Then     json.RawMessage `json:"then,omitempty"`
	After    bool            `json:"after,omitempty"`
	Times    int64           `json:"times,omitempty"`
	Optional bool            `json:"optional,omitempty"`
}

func (l faultList) print(out io.Writer) error {
	if len(l.Faults) == 0 {
		_, err := fmt.Fprintln(out, "no faults")
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "NAME\tHITS\tREMAINING\tRULE")
	for _, f := range l.Faults {
		remaining := "any number"
		if f.Remaining != nil {
			remaining = fmt.Sprint(*f.Remaining)
		}
		rule, err := json.Marshal(f.Rule)
		if err != nil {
			return err
		}
		fmt.Fprintf(table, "%s\t%d\t%s\t%s\n", f.Name, f.Hits, remaining, rule)
	}
	return table.Flush()
}

func addFaultCommand() *cobra.Command {
	var to doorFlags
	c := &cobra.Command{
		Use:   "add RULE|FILE",
		Short: "Arm a fault",
		Long: `Arm a fault behind the others. The rule is in YAML or JSON, as in a scenario's
faults: given itself, beginning with {, or in a file, - for standard input.`,
		Example: `  voxemu faults add '{name: lost, when: {method: CreateSipRegistration}, then: {close: {}}, after: true, times: 1}'
  voxemu faults add lost.yaml`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			rule, err := readRule(c, args[0])
			if err != nil {
				return err
			}
			emulator, err := openDoor(to.host)
			if err != nil {
				return err
			}
			answer, err := emulator.post(c.Context(), "/_voxemu/faults", rule)
			if err != nil {
				return err
			}
			return show(c, to, answer, func(f armedFault) error {
				_, err := fmt.Fprintln(c.OutOrStdout(), "armed", f.Name)
				return err
			})
		},
	}
	to.add(c)
	return c
}

// readRule reads a rule from the argument itself or from the file that it names.
func readRule(c *cobra.Command, argument string) (json.RawMessage, error) {
	if !strings.HasPrefix(strings.TrimSpace(argument), "{") {
		return readDocument(c, argument)
	}
	rule, err := yaml.YAMLToJSON([]byte(argument))
	if err != nil {
		return nil, wrongUsage("the rule: %w", err)
	}
	return rule, nil
}

func removeFaultCommand() *cobra.Command {
	var to doorFlags
	c := &cobra.Command{
		Use:     "remove NAME",
		Short:   "Disarm a fault",
		Example: "  voxemu faults remove lost",
		Args:    cobra.ExactArgs(1),
		ValidArgsFunction: completeFrom("/_voxemu/faults", func(list faultList) []string {
			names := make([]string, len(list.Faults))
			for i, f := range list.Faults {
				names[i] = f.Name
			}
			return names
		}),
		RunE: func(c *cobra.Command, args []string) error {
			emulator, err := openDoor(to.host)
			if err != nil {
				return err
			}
			answer, err := emulator.delete(c.Context(), "/_voxemu/faults/"+url.PathEscape(args[0]))
			if err != nil {
				return err
			}
			return showDone(c, to, answer, "disarmed %s", args[0])
		},
	}
	to.add(c)
	return c
}

func clearFaultsCommand() *cobra.Command {
	var to doorFlags
	c := &cobra.Command{
		Use:     "clear",
		Short:   "Disarm all faults",
		Example: "  voxemu faults clear",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			emulator, err := openDoor(to.host)
			if err != nil {
				return err
			}
			answer, err := emulator.delete(c.Context(), "/_voxemu/faults")
			if err != nil {
				return err
			}
			return showDone(c, to, answer, "no faults")
		},
	}
	to.add(c)
	return c
}
