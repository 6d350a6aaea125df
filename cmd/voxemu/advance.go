package main

import (
	"encoding/json"
	"net/http"
	"regexp"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/emulator/clock"
)

func advanceCommand() *cobra.Command {
	c := controlCommand(&cobra.Command{
		Use:   "advance DURATION",
		Short: "Move the emulator's clock forward",
		Long: `Move the clock of a running emulator forward and run all that becomes due on the
way. DURATION counts years, calendar months, weeks and days (y, mo, w, d), then
hours, minutes and seconds (h, m, s).`,
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
		api.http.Timeout = 0 // a year of many registrations takes long; ^C ends it
		return api.print(http.MethodPost, "/_voxemu/clock/advance", body,
			inWords(func(clock struct{ Now string }) string { return "now " + clock.Now }))
	})
	c.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		if negative := regexp.MustCompile(`in (-[0-9].*)$`).FindStringSubmatch(err.Error()); negative != nil {
			_, err = clock.ParseSpan(negative[1]) // cobra read -1d as flags
		}
		return err
	})
	return c
}
