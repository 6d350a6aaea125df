package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/emulator/journal"
)

func requestsCommand() *cobra.Command {
	c := journalCommand(&cobra.Command{
		Use:   "requests",
		Short: "Print the journal: requests to the API and callbacks",
		Long: `Print the journal of a running emulator, oldest first: every request to the API
and every attempt to deliver a callback, a line each, with the
mistakes in a request below it. Only requests that match all flags are printed.`,
		Example: `  voxemu requests --method CreateSipRegistration --parameter proxy=sip.example.com
  voxemu requests --mistake any
  voxemu requests wait --callback sip_registration_fail --timeout 5s`,
	}, "/_voxemu/requests", inWords(requestList.String))
	c.AddCommand(
		journalCommand(&cobra.Command{
			Use:     "count",
			Short:   "Print how many requests there were",
			Example: "  voxemu requests count --method CreateSipRegistration --code 127",
		}, "/_voxemu/requests/count", countInWords),
		waitForCommand(), clearRequestsCommand(), harCommand(), explainRequestCommand())
	return c
}

// journalCommand makes c a command that prints the reply of a path of the control API for
// the requests that flags select.
func journalCommand(c *cobra.Command, path string, words func([]byte) (string, error)) *cobra.Command {
	var wanted filterFlags
	wanted.add(c)
	c.Args = noArguments
	return controlCommand(c, func(api controlAPI, _ []string) error {
		query, err := wanted.query()
		if err != nil {
			return err
		}
		return api.print(http.MethodGet, path+"?"+query.Encode(), nil, api.complete(words))
	})
}

// complete says on standard error how many older requests are missing in a reply.
func (a controlAPI) complete(words func([]byte) (string, error)) func([]byte) (string, error) {
	return func(reply []byte) (string, error) {
		var kept struct{ Evicted int64 }
		if json.Unmarshal(reply, &kept) == nil && kept.Evicted > 0 {
			fmt.Fprintf(a.command.ErrOrStderr(), "%d older requests are missing: the journal was full (serve --journal sets its size)\n", kept.Evicted)
		}
		return words(reply)
	}
}

type requestList struct{ Requests []journal.Request }

func (l requestList) String() string {
	var lines []string
	if len(l.Requests) == 0 {
		lines = append(lines, "no requests")
	}
	for _, request := range l.Requests {
		lines = append(lines, requestInWords(request))
		for _, line := range explained(request) {
			lines = append(lines, "    "+line)
		}
		if request.Denied != "" {
			lines = append(lines, "    "+request.Denied)
		}
	}
	return strings.Join(lines, "\n")
}

// requestInWords formats a request of the journal in a line.
func requestInWords(request journal.Request) string {
	text := stamp(request.At) + request.String()
	if request.Fault != "" {
		text += ", fault " + request.Fault
	}
	return text
}

// stamp formats a time of the emulator's clock as the start of a line.
func stamp(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z  ") }

func countInWords(reply []byte) (string, error) {
	return inWords(func(matching struct{ Count int }) string { return strconv.Itoa(matching.Count) })(reply)
}

func waitForCommand() *cobra.Command {
	var wanted filterFlags
	var count int
	var timeout time.Duration
	c := controlCommand(&cobra.Command{
		Use:   "wait",
		Short: "Wait for requests",
		Long: `Wait until there are as many requests as wanted, those in the journal included,
and print how many there are; exit 1 if they do not come in time.`,
		Example: "  voxemu requests wait --callback sip_registration_fail --count 2 --timeout 5s",
		Args:    cobra.NoArgs,
	}, func(api controlAPI, _ []string) error {
		if count < 1 || timeout <= 0 {
			return wrongUsage("--count %d --timeout %s: want a count of at least 1 and a time of more than 0", count, timeout)
		}
		query, err := wanted.query()
		if err != nil {
			return err
		}
		query.Set("count", strconv.Itoa(count))
		query.Set("timeout", timeout.String())
		api.http.Timeout += timeout
		return api.printVerdict(http.MethodGet, "/_voxemu/requests/wait?"+query.Encode(), nil, api.complete(countInWords))
	})
	wanted.add(c)
	c.Flags().IntVar(&count, "count", 1, "how many, `N`")
	timeoutFlag(c, &timeout, 10*time.Second, "give up after this `DURATION` of real time, 10m at most")
	return c
}

func clearRequestsCommand() *cobra.Command {
	return controlCommand(&cobra.Command{
		Use:     "clear",
		Short:   "Delete all requests from the journal",
		Example: "  voxemu requests clear",
		Args:    cobra.NoArgs,
	}, func(api controlAPI, _ []string) error {
		return api.print(http.MethodDelete, "/_voxemu/requests", nil, say("the journal is empty"))
	})
}

func harCommand() *cobra.Command {
	var wanted filterFlags
	c := downloadCommand(&cobra.Command{
		Use:   "har",
		Short: "Print the journal as HAR 1.2",
		Long: `Print the journal as an HTTP Archive (HAR 1.2, JSON), which the developer tools of
browsers open.`,
		Example: "  voxemu requests har --out calls.har",
		Args:    cobra.NoArgs,
	}, http.MethodGet, 0o644, func() (string, error) {
		query, err := wanted.query()
		return "/_voxemu/requests/har?" + query.Encode(), err
	})
	wanted.add(c)
	return c
}
