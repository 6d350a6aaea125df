package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/scenarios/document"
)

func faultsCommand() *cobra.Command {
	c := controlCommand(&cobra.Command{
		Use:   "faults",
		Short: "Print or change what goes wrong on purpose",
		Long: `Print the armed faults of a running emulator in their order: how many requests each
was triggered by, how many more it may be, and its rule.`,
		Example: `  voxemu faults add '{name: poor, when: {method: CreateSipRegistration}, then: {api_error: INSUFFICIENT_MONEY}, times: 1}'
  voxemu faults`,
		Args: noArguments,
	}, func(api controlAPI, _ []string) error {
		return api.print(http.MethodGet, "/_voxemu/faults", nil, inWords(faultList.String))
	})
	c.AddCommand(addFaultCommand(), previewFaultCommand(), removeFaultCommand(), clearFaultsCommand())
	return c
}

type faultList struct{ Faults []armedFault }

type armedFault struct {
	Name      string
	Hits      int64
	Remaining *int64 // nil: unlimited
	Rule      faultRule
}

// faultRule is a rule as it was given; its name is printed separately.
type faultRule struct {
	When     json.RawMessage `json:"when,omitempty"`
	Then     json.RawMessage `json:"then,omitempty"`
	After    bool            `json:"after,omitempty"`
	Times    int64           `json:"times,omitempty"`
	Optional bool            `json:"optional,omitempty"`
}

func (l faultList) String() string {
	rows := make([][]string, len(l.Faults))
	for i, f := range l.Faults {
		remaining := "any number"
		if f.Remaining != nil {
			remaining = fmt.Sprint(*f.Remaining)
		}
		rule, _ := json.Marshal(f.Rule) // cannot fail: it was decoded from JSON
		rows[i] = []string{f.Name, fmt.Sprint(f.Hits), remaining, string(rule)}
	}
	return inColumns([]string{"NAME", "HITS", "REMAINING", "RULE"}, rows, "no faults")
}

func addFaultCommand() *cobra.Command {
	return controlCommand(&cobra.Command{
		Use:   "add RULE|FILE",
		Short: "Arm a fault",
		Long: `Arm a fault behind the others. The rule is in YAML or JSON, as in a scenario's
faults: given itself, beginning with {, or in a file, - for standard input.`,
		Example: `  voxemu faults add '{name: lost, when: {method: CreateSipRegistration}, then: {close: {}}, after: true, times: 1}'
  voxemu faults add lost.yaml`,
		Args: cobra.ExactArgs(1),
	}, func(api controlAPI, args []string) error {
		source, rule, err := readObject(api.command, args[0], new(fault.Rule))
		if err != nil {
			return err
		}
		return placed(source, api.print(http.MethodPost, "/_voxemu/faults", rule, inWords(func(f armedFault) string { return "armed " + f.Name })))
	})
}

// readObject reads an object in YAML or JSON, from the argument itself or from the file
// that it names, and returns it as JSON. It is also decoded into into, which reports
// mistakes.
func readObject(c *cobra.Command, argument string, into any) (document.Source, json.RawMessage, error) {
	if !strings.HasPrefix(strings.TrimSpace(argument), "{") {
		return readDocument(c, argument, into)
	}
	source := document.Source{Name: "the argument", Text: []byte(argument)}
	object, err := asJSON(source, into)
	if err != nil {
		return source, nil, wrongUsage("%w", err)
	}
	return source, object, nil
}

// placed gives the mistakes that the control API found in a document their places in it.
// Other errors stay as they are.
func placed(source document.Source, err error) error {
	refused := (*controlError)(nil)
	if !errors.As(err, &refused) {
		return err
	}
	type problem struct{ Message, Member string }
	var reply struct {
		Error struct {
			problem
			More []problem
		}
	}
	report := document.NewReport()
	root := report.Parse(source)
	if json.Unmarshal(refused.body, &reply) != nil || root == nil || reply.Error.Member == "" {
		return err
	}
	for _, p := range append([]problem{reply.Error.problem}, reply.Error.More...) {
		at, _ := root.At(p.Member)
		report.Add(source, at, p.Member, "%s", strings.TrimPrefix(p.Message, p.Member+": "))
	}
	return report.Err(source.Name)
}

func removeFaultCommand() *cobra.Command {
	return controlCommand(&cobra.Command{
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
	}, func(api controlAPI, args []string) error {
		return api.print(http.MethodDelete, "/_voxemu/faults/"+url.PathEscape(args[0]), nil, say("disarmed "+args[0]))
	})
}

func clearFaultsCommand() *cobra.Command {
	return controlCommand(&cobra.Command{
		Use:     "clear",
		Short:   "Disarm all faults",
		Example: "  voxemu faults clear",
		Args:    cobra.NoArgs,
	}, func(api controlAPI, _ []string) error {
		return api.print(http.MethodDelete, "/_voxemu/faults", nil, say("no faults"))
	})
}
