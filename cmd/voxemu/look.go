package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/emulator/fault"
)

// differences is what the control API says of two states.
type differences struct {
	Differences []struct {
		Section, ID, Change string
		Members             []struct{ Name, Before, After string }
	}
	More int `json:"more_differences"`
}

func (d differences) String() string {
	if len(d.Differences) == 0 {
		return "no differences"
	}
	var lines []string
	for _, one := range d.Differences {
		lines = append(lines, strings.TrimSpace(one.Section+" "+one.ID)+" "+one.Change)
		for _, m := range one.Members {
			lines = append(lines, fmt.Sprintf("    %s: %q, then %q", m.Name, m.Before, m.After))
		}
	}
	if d.More > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", d.More))
	}
	return strings.Join(lines, "\n")
}

func compareSnapshotsCommand() *cobra.Command {
	return controlCommand(&cobra.Command{
		Use:     "compare NAME [LATER]",
		Short:   "Print what differs between a snapshot and the state, or a later one",
		Example: "  voxemu snapshots compare before",
		Args:    cobra.RangeArgs(1, 2),
	}, func(api controlAPI, args []string) error {
		path := "/_voxemu/snapshots/" + url.PathEscape(args[0]) + "/compare"
		if len(args) > 1 {
			path += "?" + url.Values{"with": {args[1]}}.Encode()
		}
		return api.print(http.MethodGet, path, nil, inWords(differences.String))
	})
}

func dueCommand() *cobra.Command {
	return controlCommand(&cobra.Command{
		Use:   "due [MOMENT]",
		Short: "Print what happens by itself until a moment, or the next event",
		Long: `Print what happens by itself until a moment, before it happens: answers of
registrars, renewals, removals of frozen registrations, callbacks. Without MOMENT
it is the next event.`,
		Example: "  voxemu clock due 2027-01-01",
		Args:    cobra.MaximumNArgs(1),
	}, func(api controlAPI, args []string) error {
		path := "/_voxemu/clock/due"
		if len(args) > 0 {
			at, err := moment("MOMENT", args[0])
			if err != nil {
				return err
			}
			path += "?" + url.Values{"until": {at.Format(time.RFC3339Nano)}}.Encode()
		}
		return api.print(http.MethodGet, path, nil, inWords(dueList.String))
	})
}

type dueList struct {
	Events []struct {
		At             time.Time
		What           string
		AccountID      int64 `json:"account_id"`
		RegistrationID int64 `json:"registration_id"`
		CallbackID     int64 `json:"callback_id"`
	}
	More int
}

func (l dueList) String() string {
	rows := make([][]string, len(l.Events))
	for i, e := range l.Events {
		of := fmt.Sprint("registration ", e.RegistrationID)
		if e.CallbackID != 0 {
			of = fmt.Sprint("callback ", e.CallbackID)
		}
		rows[i] = []string{e.At.Format(time.RFC3339), e.What, fmt.Sprint(e.AccountID), of}
	}
	text := inColumns([]string{"AT", "WHAT", "ACCOUNT", "OF"}, rows, "nothing is due")
	if l.More > 0 {
		text += fmt.Sprintf("\nand %d more", l.More)
	}
	return text
}

func transactionsCommand() *cobra.Command {
	return controlCommand(&cobra.Command{
		Use:     "transactions ID",
		Short:   "Print the latest transactions of an account",
		Long:    "Print the latest transactions of an account; --json has the changes of its\nbalance as well.",
		Example: "  voxemu accounts transactions 1",
		Args:    cobra.ExactArgs(1),
	}, func(api controlAPI, args []string) error {
		id, err := number("ID", args[0], "the number of an account")
		if err != nil {
			return err
		}
		return api.print(http.MethodGet, fmt.Sprintf("/_voxemu/accounts/%d/transactions", id), nil, inWords(bookList.String))
	})
}

type bookList struct {
	Transactions []struct {
		Type        string
		Amount      float64
		Currency    string
		PerformedAt time.Time `json:"performed_at"`
		Description string
	}
	More int `json:"more_transactions"`
}

func (l bookList) String() string {
	rows := make([][]string, len(l.Transactions))
	for i, t := range l.Transactions {
		rows[i] = []string{t.PerformedAt.Format(time.RFC3339), t.Type, fmt.Sprintf("%.2f %s", t.Amount, t.Currency), t.Description}
	}
	text := inColumns([]string{"AT", "TYPE", "AMOUNT", "DESCRIPTION"}, rows, "no transactions")
	if l.More > 0 {
		text += fmt.Sprintf("\n%d older ones are not listed", l.More)
	}
	return text
}

func showCallbackCommand() *cobra.Command {
	return controlCommand(&cobra.Command{
		Use:     "show ID",
		Short:   "Print the attempts to deliver a callback, and whether its hash fits",
		Long:    "Print the attempts to deliver a callback, and whether its hash fits; --json has\nwhat is sent.",
		Example: "  voxemu callbacks show 3",
		Args:    cobra.ExactArgs(1),
	}, func(api controlAPI, args []string) error {
		id, err := number("ID", args[0], "the number of a callback")
		if err != nil {
			return err
		}
		return api.print(http.MethodGet, fmt.Sprintf("/_voxemu/callbacks/%d", id), nil, inWords(callbackDetail.String))
	})
}

type callbackDetail struct {
	Type, State string
	Journal     []struct {
		Attempt  int64
		At       time.Time
		Status   int
		Failure  string
		HashFits *bool `json:"hash_fits"`
	}
}

func (d callbackDetail) String() string {
	rows := make([][]string, len(d.Journal))
	for i, a := range d.Journal {
		answer, fits := a.Failure, "unknown"
		if answer == "" {
			answer = fmt.Sprint("HTTP ", a.Status)
		}
		if a.HashFits != nil {
			fits = map[bool]string{true: "fits", false: "does not fit"}[*a.HashFits]
		}
		rows[i] = []string{fmt.Sprint(a.Attempt), a.At.Format(time.RFC3339), answer, fits}
	}
	return d.Type + ", " + d.State + "\n" + inColumns([]string{"ATTEMPT", "AT", "ANSWER", "HASH"}, rows, "no attempts in the journal")
}

func explainRequestCommand() *cobra.Command {
	return controlCommand(&cobra.Command{
		Use:   "explain NUMBER",
		Short: "Print a request's parameters beside the specification, and the faults",
		Long: `Print the parameters of a request in the journal beside the specification, and
what the armed faults would do if it was sent again now.`,
		Example: "  voxemu requests explain 7",
		Args:    cobra.ExactArgs(1),
	}, func(api controlAPI, args []string) error {
		n, err := number("NUMBER", args[0], "the number of a request")
		if err != nil {
			return err
		}
		return api.print(http.MethodGet, fmt.Sprintf("/_voxemu/requests/%d/explain", n), nil, inWords(requestExplanation.String))
	})
}

type verdict struct {
	Request     int64
	Rule, Unmet string
}

func (v verdict) inWords() string {
	if v.Unmet == "" {
		return "takes it"
	}
	return "does not: " + v.Unmet
}

type requestExplanation struct {
	Parameters []struct {
		Name, Verdict, Allowed, Error string
		Given                         []string
	}
	Faults []verdict
}

func (x requestExplanation) String() string {
	rows := make([][]string, len(x.Parameters))
	for i, p := range x.Parameters {
		rows[i] = []string{p.Name, p.Verdict, strings.Join(p.Given, ";"), strings.TrimSpace(p.Error + " " + p.Allowed)}
	}
	text := inColumns([]string{"PARAMETER", "VERDICT", "GIVEN", "WANT"}, rows, "no parameters are known")
	for _, v := range x.Faults {
		text += "\nfault " + v.Rule + ": " + v.inWords()
	}
	return text
}

func previewFaultCommand() *cobra.Command {
	return controlCommand(&cobra.Command{
		Use:   "preview RULE|FILE",
		Short: "Print which of the last requests a fault would have taken",
		Long: `Print which of the last 500 requests a fault would have taken, had it been armed
before them. Nothing is armed. The rule is given as for voxemu faults add.`,
		Example: "  voxemu faults preview '{when: {method: CreateSipRegistration}, then: {close: {}}, times: 1}'",
		Args:    cobra.ExactArgs(1),
	}, func(api controlAPI, args []string) error {
		source, rule, err := readObject(api.command, args[0], new(fault.Rule))
		if err != nil {
			return err
		}
		return placed(source, api.print(http.MethodPost, "/_voxemu/faults/preview", rule, inWords(previewList.String)))
	})
}

type previewList struct{ Requests []verdict }

func (l previewList) String() string {
	lines := make([]string, len(l.Requests))
	for i, v := range l.Requests {
		lines[i] = fmt.Sprintf("request %d: %s", v.Request, v.inWords())
	}
	if len(lines) == 0 {
		return "no requests"
	}
	return strings.Join(lines, "\n")
}

// scenarioCheck is what the control API says of a scenario that is not loaded.
type scenarioCheck struct {
	Mistakes []struct {
		Source         string
		Line, Column   int
		Place, Message string
	}
	differences
}

// verdict returns what loading would change, or the mistakes as an error.
func (c scenarioCheck) verdict() (string, error) {
	if len(c.Mistakes) == 0 {
		return c.differences.String(), nil
	}
	lines := make([]string, len(c.Mistakes))
	for i, m := range c.Mistakes {
		lines[i] = strings.TrimPrefix(fmt.Sprintf("%s:%d:%d: %s: %s", m.Source, m.Line, m.Column, m.Place, m.Message), ":")
	}
	return "", fmt.Errorf("%s", strings.Join(lines, "\n"))
}
