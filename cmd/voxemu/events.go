package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/sip"
)

func eventsCommand() *cobra.Command {
	var count, requests int
	var pace time.Duration
	c := &cobra.Command{
		Use:   "events",
		Short: "Print what happens while it happens",
		Long: `Print what happens at a running emulator from now on, a line each: requests,
callbacks, changes of registrations, accounts and users, moves of the clock. It
ends with SIGINT or SIGTERM, or after --count events.`,
		Example: "  voxemu events --count 1 --json\n  voxemu events --pace 200ms --requests 20",
		Args:    cobra.NoArgs,
	}
	c.Flags().IntVar(&count, "count", 0, "end after `N` events (default: never)")
	controlCommand(c, func(api controlAPI, _ []string) error {
		if count < 0 {
			return wrongUsage("--count %d: want at least 1", count)
		}
		query := url.Values{}
		if pace != 0 {
			query.Set("pace", pace.String())
		}
		if api.command.Flags().Changed("requests") {
			query.Set("requests", strconv.Itoa(requests))
		}
		return printEvents(api, query, count)
	})
	c.Flags().DurationVar(&pace, "pace", 0, "collect events for this `TIME`, at most 1s, which costs less under load")
	c.Flags().IntVar(&requests, "requests", 0, "skip all but the latest `N` requests that were collected (default: none)")
	c.Flag("json").Usage = `print each event as JSON: {"event":"call","data":{…}}`
	return c
}

type event struct {
	Type string          `json:"event"`
	Data json.RawMessage `json:"data"`
}

// printEvents prints count events; 0: all, until a signal comes.
func printEvents(api controlAPI, query url.Values, count int) error {
	ctx, stop := signal.NotifyContext(api.command.Context(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	api.http.Timeout = 0
	reply, err := api.send(ctx, http.MethodGet, "/_voxemu/events?"+query.Encode(), nil)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	fmt.Fprintln(api.command.ErrOrStderr(), "listening to", api.base)
	lines := bufio.NewReader(reply.Body)
	for printed := 0; printed < count || count == 0; printed++ {
		e, err := readEvent(lines)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s ended the stream of events: %w", api.base, err)
		}
		if err := e.print(api.command.OutOrStdout(), api.asJSON); err != nil {
			return err
		}
	}
	return nil
}

// readEvent reads an event of a text/event-stream and skips comments.
func readEvent(lines *bufio.Reader) (event, error) {
	var e event
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return e, err
		}
		name, value, _ := strings.Cut(strings.TrimRight(line, "\r\n"), ": ")
		switch {
		case name == "event":
			e.Type = value
		case name == "data":
			e.Data = append(e.Data, value...)
		case name == "" && value == "" && e.Data != nil:
			return e, nil
		}
	}
}

func (e event) print(out io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(out).Encode(e)
	}
	text, err := e.inWords()
	if err != nil {
		return fmt.Errorf("an event %s is not JSON that this version of voxemu can read: %w", e.Type, err)
	}
	_, err = fmt.Fprintln(out, text)
	return err
}

func (e event) inWords() (string, error) {
	switch e.Type {
	case "call", "callback":
		var request journal.Request
		err := json.Unmarshal(e.Data, &request)
		return requestInWords(request), err
	case "registration", "account", "user":
		var change stateChange
		err := json.Unmarshal(e.Data, &change)
		return change.String(), err
	case "clock":
		var change struct {
			Now, From time.Time
			Change    string
		}
		err := json.Unmarshal(e.Data, &change)
		text := stamp(change.Now) + "clock: " + change.Change
		passed := clock.Span{Rest: change.Now.Sub(change.From)}.String()
		switch change.Change {
		case "advanced":
			text += " by " + passed
		case "interrupted":
			text += " after " + passed
		}
		return text, err
	case "sip", "incoming_call":
		var m sip.Message
		err := json.Unmarshal(e.Data, &m)
		return rung(m), err
	case "skipped":
		var left struct{ Skipped int }
		err := json.Unmarshal(e.Data, &left)
		return fmt.Sprintf("%d earlier requests skipped", left.Skipped), err
	case "state":
		return "the whole state was replaced", nil
	}
	return e.Type + " " + string(e.Data), nil // lost, and events of later versions
}

// stateChange is the change of a row, which is in one of the last members.
type stateChange struct {
	Change       string
	At           time.Time
	Registration *struct {
		ID           int64  `json:"id"`
		SIPUsername  string `json:"sip_username"`
		Proxy        string `json:"proxy"`
		State        string `json:"state"`
		StatusCode   int    `json:"status_code"`
		ErrorMessage string `json:"error_message"`
		Deactivated  bool   `json:"deactivated"`
	}
	Account *struct {
		ID          int64       `json:"account_id"`
		Balance     json.Number `json:"balance"`
		MoneyOnHold json.Number `json:"money_on_hold"`
		Currency    string      `json:"currency"`
		Frozen      bool        `json:"frozen"`
	}
	User *struct {
		ID       int64  `json:"user_id"`
		Name     string `json:"user_name"`
		LoggedIn bool   `json:"logged_in"`
	}
}

// String describes the change in a line: registration 5 changed: alice at sip.example.com
// failed 403 Forbidden.
func (s stateChange) String() string {
	var text strings.Builder
	text.WriteString(stamp(s.At))
	when := func(holds bool, words string) {
		if holds {
			text.WriteString(words)
		}
	}
	switch {
	case s.Registration != nil:
		r := s.Registration
		fmt.Fprintf(&text, "registration %d %s: %s at %s %s", r.ID, s.Change, r.SIPUsername, r.Proxy, r.State)
		when(r.StatusCode != 0, fmt.Sprintf(" %d", r.StatusCode))
		when(r.ErrorMessage != "", " "+r.ErrorMessage)
		when(r.Deactivated, ", frozen")
	case s.Account != nil:
		a := s.Account
		fmt.Fprintf(&text, "account %d %s: balance %s %s, on hold %s", a.ID, s.Change, a.Balance, a.Currency, a.MoneyOnHold)
		when(a.Frozen, ", frozen")
	case s.User != nil:
		u := s.User
		fmt.Fprintf(&text, "user %d %s: %s logged ", u.ID, s.Change, u.Name)
		when(u.LoggedIn, "in")
		when(!u.LoggedIn, "out")
	}
	return text.String()
}
