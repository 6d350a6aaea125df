package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/scenarios"
)

func loadCommand() *cobra.Command {
	var dryRun bool
	c := controlCommand(&cobra.Command{
		Use:   "load [NAME] [FILE]",
		Short: "Replace the state by a scenario",
		Long: `Load a scenario into a running emulator, which replaces its state: a built-in one,
a file, or a file on top of a built-in one; - is standard input. The emulator opens
no files, so FILE may only extend built-in scenarios.`,
		Example:           "  voxemu load demo\n  voxemu load demo mine.yaml --dry-run",
		Args:              cobra.RangeArgs(1, 2),
		ValidArgsFunction: cobra.FixedCompletions(scenarios.Names(), cobra.ShellCompDirectiveDefault),
	}, func(api controlAPI, args []string) error {
		var request struct {
			Name string `json:"name,omitempty"`
			YAML string `json:"yaml,omitempty"`
		}
		for i, arg := range args {
			if _, ok := scenarios.Builtin(arg); ok && i == 0 {
				request.Name = arg
				continue
			}
			if request.YAML != "" {
				return wrongUsage("want a built-in scenario, then a file: %q is not built in (%s)", args[0], strings.Join(scenarios.Names(), ", "))
			}
			text, err := readInput(api.command, arg)
			if os.IsNotExist(err) {
				return fmt.Errorf("scenario %q is neither a file nor built in (%s)%s", arg, strings.Join(scenarios.Names(), ", "), didYouMean(arg, scenarios.Names()))
			}
			if err != nil {
				return err
			}
			request.YAML = string(text)
		}
		body, err := json.Marshal(request)
		if err != nil {
			return err
		}
		if dryRun {
			return api.print(http.MethodPost, "/_voxemu/scenarios/check", body, dryRunInWords)
		}
		return api.print(http.MethodPost, "/_voxemu/scenarios", body, say("loaded "+strings.Join(args, " + ")))
	})
	c.Flags().BoolVar(&dryRun, "dry-run", false, "print what would change, and change nothing")
	return c
}

func dryRunInWords(reply []byte) (string, error) {
	var check scenarioCheck
	if err := json.Unmarshal(reply, &check); err != nil {
		return "", fmt.Errorf("the reply is not JSON that this version of voxemu can read: %w", err)
	}
	return check.verdict()
}
