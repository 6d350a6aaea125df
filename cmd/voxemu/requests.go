package main

import (
	"fmt"
	"io"
	"net/url"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/emulator/journal"
)

func requestsCommand() *cobra.Command {
	var to doorFlags
	var wanted filterFlags
	c := &cobra.Command{
		Use:   "requests",
		Short: "Print the journal: calls of the API and callbacks",
		Long: `Print what crossed the wire at a running emulator, oldest first: every call of the
API and every attempt to deliver a callback, a line each. What in a call does not
fit the API stands below it. The flags select: what fits all of them is printed.`,
		Example: `  voxemu requests --method CreateSipRegistration --parameter proxy=sip.example.com
  voxemu requests --mistake any
  voxemu requests wait --callback sip_registration_fail --timeout 5s`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			answer, err := ask(c, to, "/_voxemu/requests", wanted, nil, 0)
			if err != nil {
				return err
			}
			return show(c, to, answer, func(list requestList) error { return list.print(c.OutOrStdout()) })
		},
	}
	to.add(c)
	wanted.add(c)
	c.AddCommand(countCommand(), waitForCommand(), clearRequestsCommand(), harCommand())
	return c
}

// ask asks about the entries that the flags select; more is added to the query,
// patience to the time that an answer may take.
func ask(c *cobra.Command, to doorFlags, path string, wanted filterFlags, more url.Values, patience time.Duration) ([]byte, error) {
	query, err := wanted.query()
	if err != nil {
		return nil, err
	}
	for name := range more {
		query.Set(name, more.Get(name))
	}
	emulator, err := openDoor(to.host)
	if err != nil {
		return nil, err
	}
	emulator.client.Timeout += patience
	return emulator.get(c.Context(), path+"?"+query.Encode())
}

type requestList struct {
	Requests []journal.Entry
	Evicted  int64
}

func (l requestList) print(out io.Writer) error {
	if l.Evicted > 0 {
		fmt.Fprintf(out, "%d older ones were forgotten\n", l.Evicted)
	}
	if len(l.Requests) == 0 {
		_, err := fmt.Fprintln(out, "no requests")
		return err
	}
	for _, entry := range l.Requests {
		if _, err := fmt.Fprintln(out, entryInWords(entry)); err != nil {
			return err
		}
		for _, line := range entry.Explain() {
			fmt.Fprintln(out, "    "+line)
		}
	}
	return nil
}

// entryInWords is an entry of the journal in a line.
func entryInWords(entry journal.Entry) string {
	text := stamp(entry.At) + entry.String()
	if entry.Fault != "" {
		text += ", fault " + entry.Fault
	}
	return text
}

// stamp is a moment of the emulator's clock before what happened.
func stamp(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z  ") }

// requestCount is how many entries match.
type requestCount struct{ Count int }

func countCommand() *cobra.Command {
	var to doorFlags
	var wanted filterFlags
	c := &cobra.Command{
		Use:     "count",
		Short:   "Print how many requests there were",
		Example: "  voxemu requests count --method CreateSipRegistration --code 127",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			answer, err := ask(c, to, "/_voxemu/requests/count", wanted, nil, 0)
			if err != nil {
				return err
			}
			return showCount(c, to, answer)
		},
	}
	to.add(c)
	wanted.add(c)
	return c
}

func showCount(c *cobra.Command, to doorFlags, answer []byte) error {
	return show(c, to, answer, func(n requestCount) error {
		_, err := fmt.Fprintln(c.OutOrStdout(), n.Count)
		return err
	})
}

func waitForCommand() *cobra.Command {
	var to doorFlags
	var wanted filterFlags
	var count int
	var timeout time.Duration
	c := &cobra.Command{
		Use:   "wait",
		Short: "Wait for requests",
		Long: `Wait until there are as many requests as wanted, those in the journal included,
and print how many there are; exit 1 if they do not come in time.`,
		Example: "  voxemu requests wait --callback sip_registration_fail --count 2 --timeout 5s",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if count < 1 || timeout <= 0 {
				return wrongUsage("--count %d --timeout %s: want a count of at least 1 and a time of more than 0", count, timeout)
			}
			answer, err := ask(c, to, "/_voxemu/requests/wait", wanted, url.Values{
				"count": {strconv.Itoa(count)}, "timeout": {timeout.String()},
			}, timeout)
			if err != nil {
				return showConflict(c, to, err)
			}
			return showCount(c, to, answer)
		},
	}
	to.add(c)
	wanted.add(c)
	c.Flags().IntVar(&count, "count", 1, "how many, `N`")
	c.Flags().DurationVar(&timeout, "timeout", 10*time.Second, "give up after this `DURATION` of real time, 10m at most")
	return c
}

func clearRequestsCommand() *cobra.Command {
	var to doorFlags
	c := &cobra.Command{
		Use:     "clear",
		Short:   "Forget the journal",
		Example: "  voxemu requests clear",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			emulator, err := openDoor(to.host)
			if err != nil {
				return err
			}
			answer, err := emulator.delete(c.Context(), "/_voxemu/requests")
			if err != nil {
				return err
			}
			return showDone(c, to, answer, "the journal is empty")
		},
	}
	to.add(c)
	return c
}

func harCommand() *cobra.Command {
	var to doorFlags
	var wanted filterFlags
	var out string
	c := &cobra.Command{
		Use:   "har",
		Short: "Print the journal as HAR 1.2",
		Long: `Print the journal as an HTTP Archive (HAR 1.2, JSON), which the developer tools of
browsers open.`,
		Example: "  voxemu requests har --out calls.har",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			text, err := ask(c, to, "/_voxemu/requests/har", wanted, nil, 0)
			if err != nil {
				return err
			}
			if out != "" {
				return writeFile(out, text, 0o644)
			}
			_, err = c.OutOrStdout().Write(text)
			return err
		},
	}
	hostFlag(c, &to.host)
	wanted.add(c)
	c.Flags().StringVar(&out, "out", "", "write `FILE` instead of standard output")
	return c
}
