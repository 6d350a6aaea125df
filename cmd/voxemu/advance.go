package main

import (
	"encoding/json"
	"net/http"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/emulator/clock"
)

func advanceCommand() *cobra.Command {
	return controlCommand(&cobra.Command{
		Use:   "advance DURATION",
		Short: "Move the emulator's clock forward",
		Long: `Move the clock of a running emulator forward and run all that becomes due on the
way. DURATION counts calendar months and days, then what Go durations count.`,
		Example: "  voxemu advance 1mo2d3h",
		Args:    cobra.ExactArgs(1),
	}, func(api controlAPI, args []string) error {
		if _, err := clock.ParseSpan(args[0]); err != nil {
			return usageError{err}
		}
		body, err := json.Marshal(map[string]string{"duration": args[0]})
		if err != nil {
			return err
		}
		api.http.Timeout = 0 // a year of many registrations takes its time; ^C ends it
		return api.print(http.MethodPost, "/_voxemu/clock/advance", body,
			inWords(func(clock struct{ Now string }) string { return "now " + clock.Now }))
	})
}
