package main

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/spf13/cobra"
)

func clockCommand() *cobra.Command {
	c := controlCommand(&cobra.Command{
		Use:   "clock",
		Short: "Print, stop, resume or set the emulator's clock",
		Long: `Print the time of a running emulator and whether its clock is live, stopped, or
live with an offset from the machine's. voxemu advance moves it.`,
		Example: "  voxemu clock stop\n  voxemu clock set 2027-01-01\n  voxemu clock due 2027-02-01",
		Args:    noArguments,
	}, func(api controlAPI, _ []string) error {
		return api.print(http.MethodGet, "/_voxemu/clock", nil, clockInWords)
	})
	c.AddCommand(
		moveClockCommand(&cobra.Command{
			Use: "stop", Short: "Stop the clock", Example: "  voxemu clock stop",
		}),
		moveClockCommand(&cobra.Command{
			Use: "resume", Short: "Let a stopped clock go on from where it stands", Example: "  voxemu clock resume",
		}),
		setClockCommand(), dueCommand())
	return c
}

func clockInWords(reply []byte) (string, error) {
	return inWords(func(clock struct{ Now, Mode, Note string }) string {
		return noted("now "+clock.Now+", "+clock.Mode, clock.Note)
	})(reply)
}

// noted adds a note, if there is one, in a line of its own.
func noted(text, note string) string {
	if note == "" {
		return text
	}
	return text + "\n" + note
}

// moveClockCommand makes c send the request for which the control API's clock has the
// command's name.
func moveClockCommand(c *cobra.Command) *cobra.Command {
	c.Args = cobra.NoArgs
	return controlCommand(c, func(api controlAPI, _ []string) error {
		return api.print(http.MethodPost, "/_voxemu/clock/"+c.Name(), nil, clockInWords)
	})
}

func setClockCommand() *cobra.Command {
	return controlCommand(&cobra.Command{
		Use:   "set MOMENT",
		Short: "Move the clock forward to a moment",
		Long: `Move the clock forward to a moment and run all that becomes due on the way. MOMENT
is a day or a moment, such as 2027-01-01 or 2027-01-01T09:30:00Z.`,
		Example: "  voxemu clock set 2027-01-01T09:30:00Z",
		Args:    cobra.ExactArgs(1),
	}, func(api controlAPI, args []string) error {
		at, err := moment("MOMENT", args[0])
		if err != nil {
			return err
		}
		body, err := json.Marshal(map[string]time.Time{"now": at})
		if err != nil {
			return err
		}
		return api.moveClock("/_voxemu/clock/set", body, clockInWords)
	})
}
