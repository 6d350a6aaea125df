package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/emulator/clock"
)

func advanceCommand() *cobra.Command {
	var host string
	var asJSON bool
	c := &cobra.Command{
		Use:   "advance DURATION",
		Short: "Move the emulator's clock forward",
		Long: `Move the clock of a running emulator forward and run all that becomes due on the
way. DURATION counts calendar months and days, then what Go durations count.`,
		Example: "  voxemu advance 1mo2d3h",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if _, err := clock.ParseSpan(args[0]); err != nil {
				return usageError{err}
			}
			emulator, err := openDoor(host)
			if err != nil {
				return err
			}
			emulator.client.Timeout = 0 // a year of many registrations takes its time; ^C ends it
			answer, err := emulator.post(c.Context(), "/_voxemu/clock/advance", map[string]string{"duration": args[0]})
			if err != nil {
				return err
			}
			return printClock(c, answer, asJSON)
		},
	}
	hostFlag(c, &host)
	jsonFlag(c, &asJSON)
	return c
}

func printClock(c *cobra.Command, answer []byte, asJSON bool) error {
	if asJSON {
		_, err := c.OutOrStdout().Write(answer)
		return err
	}
	var clock struct{ Now string }
	if err := json.Unmarshal(answer, &clock); err != nil {
		return fmt.Errorf("the answer is no JSON: %w", err)
	}
	_, err := fmt.Fprintln(c.OutOrStdout(), "now", clock.Now)
	return err
}
