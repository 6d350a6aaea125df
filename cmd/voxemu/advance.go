package main

import (
	"encoding/json"
	"regexp"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/emulator/clock"
)

func advanceCommand() *cobra.Command {
	var anchor int
	c := controlCommand(&cobra.Command{
		Use:   "advance DURATION",
		Short: "Move the emulator's clock forward",
		Long: `Move the clock of a running emulator forward and run all that becomes due on the
way. ^C stops it at the time that it has reached. DURATION counts years,
calendar months, weeks and days (y, mo, w, d), then hours, minutes and seconds
(h, m, s).

A month after 31 January is 28 February, and a month later it is 28 March:
repeated steps of 1mo stay on the 28th. With --anchor 31 each step ends on the
31st, or on the last day of a shorter month.`,
		Example: "  voxemu advance 1mo2d3h\n  voxemu advance 1mo --anchor 31",
		Args:    cobra.ExactArgs(1),
	}, func(api controlAPI, args []string) error {
		if _, err := clock.ParseSpan(args[0]); err != nil {
			return usageError{err}
		}
		body, err := json.Marshal(struct {
			Duration string `json:"duration"`
			Anchor   int    `json:"anchor,omitempty"`
		}{args[0], anchor})
		if err != nil {
			return err
		}
		return api.moveClock("/_voxemu/clock/advance", body,
			inWords(func(clock struct{ Now, Note string }) string { return noted("now "+clock.Now, clock.Note) }))
	})
	c.Flags().IntVar(&anchor, "anchor", 0, "`day` of the month that months keep, from 1 to 31; default: the current day")
	c.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		if negative := regexp.MustCompile(`in (-[0-9].*)$`).FindStringSubmatch(err.Error()); negative != nil {
			_, err = clock.ParseSpan(negative[1]) // cobra read -1d as flags
		}
		return err
	})
	return c
}
