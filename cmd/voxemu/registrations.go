package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/emulator/vox"
)

func registrationsCommand() *cobra.Command {
	var account int64
	var state string
	var money bool
	c := controlCommand(&cobra.Command{
		Use:     "registrations",
		Short:   "Print the SIP registrations and their state",
		Long:    "Print the SIP registrations of all accounts and what their registrars answered last.",
		Example: "  voxemu registrations --state failed\n  voxemu registrations history 1",
		Args:    noArguments,
	}, func(api controlAPI, _ []string) error {
		query := url.Values{}
		if account != 0 {
			query.Set("account_id", strconv.FormatInt(account, 10))
		}
		if state != "" {
			query.Set("state", state)
		}
		if money {
			query.Set("money", "true")
		}
		return api.print(http.MethodGet, "/_voxemu/registrations?"+query.Encode(), nil, inWords(registrationList.String))
	})
	accountFlag(c, &account)
	c.Flags().StringVar(&state, "state", "", "those in this `STATE`")
	c.Flags().BoolVar(&money, "money", false, "with their monthly price and what is on hold")
	states := make([]string, len(vox.States()))
	for i, s := range vox.States() {
		states[i] = string(s)
	}
	complete(c, "state", cobra.FixedCompletions(states, cobra.ShellCompDirectiveNoFileComp))
	c.AddCommand(historyCommand())
	return c
}

func historyCommand() *cobra.Command {
	return controlCommand(&cobra.Command{
		Use:   "history ID",
		Short: "Print what happened to a registration",
		Long: `Print what happened to a registration since its state was loaded: created,
registered, refused, recovered, renewed, frozen and so on.`,
		Example: "  voxemu registrations history 1",
		Args:    cobra.ExactArgs(1),
	}, func(api controlAPI, args []string) error {
		id, err := number("ID", args[0], "the number of a registration")
		if err != nil {
			return err
		}
		return api.print(http.MethodGet, fmt.Sprintf("/_voxemu/registrations/%d/history", id), nil, inWords(history.String))
	})
}

type history struct {
	Steps []struct {
		At, Last   time.Time
		What       string
		StatusCode int64 `json:"status_code"`
		Reason     string
		Times      int64
	}
	Evicted int64
}

func (h history) String() string {
	rows := make([][]string, len(h.Steps))
	for i, s := range h.Steps {
		answer, times := "", ""
		if s.StatusCode != 0 {
			answer = strings.TrimSpace(fmt.Sprint(s.StatusCode, " ", s.Reason))
		}
		if s.Times > 1 {
			times = fmt.Sprintf("%d times until %s", s.Times, s.Last.Format(time.RFC3339))
		}
		rows[i] = []string{s.At.Format(time.RFC3339), s.What, answer, times}
	}
	text := inColumns([]string{"AT", "WHAT", "ANSWER", "REPEATED"}, rows, "nothing since the state was loaded")
	if h.Evicted > 0 {
		text += fmt.Sprintf("\n%d older steps, of all registrations, were dropped", h.Evicted)
	}
	return text
}

// accountFlag limits a list to one account.
func accountFlag(c *cobra.Command, account *int64) {
	c.Flags().Var((*accountID)(account), "account", "those of the account with this `ID` (default: all)")
}

// accountID is the value of a flag that selects by account. 0, which would select all, is
// refused.
type accountID int64

func (a *accountID) Set(text string) error {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id < 1 {
		return errors.New("want the id of an account, a whole number from 1")
	}
	*a = accountID(id)
	return nil
}

func (a *accountID) String() string {
	if *a == 0 {
		return ""
	}
	return strconv.FormatInt(int64(*a), 10)
}

func (a *accountID) Type() string { return "ID" }

type registrationList struct{ Registrations []registration }

// registration is a registration in a reply of the control API.
type registration struct {
	ID          int64
	AccountID   int64  `json:"account_id"`
	SIPUsername string `json:"sip_username"`
	Proxy       string
	State       string
	StatusCode  int64  `json:"status_code"`
	Message     string `json:"error_message"`
	// Price and OnHold are there with --money.
	Price  json.Number `json:"subscription_price"`
	OnHold json.Number `json:"money_on_hold"`
}

func (l registrationList) String() string {
	head := []string{"ID", "ACCOUNT", "REGISTRATION", "STATE", "LAST ANSWER"}
	if len(l.Registrations) > 0 && l.Registrations[0].Price != "" {
		head = append(head, "PRICE", "ON HOLD")
	}
	rows := make([][]string, len(l.Registrations))
	for i, r := range l.Registrations {
		row := []string{fmt.Sprint(r.ID), fmt.Sprint(r.AccountID), r.SIPUsername + "@" + r.Proxy, r.State, r.answer(), r.Price.String(), r.OnHold.String()}
		rows[i] = row[:len(head)]
	}
	return inColumns(head, rows, "no registrations")
}

func (r registration) answer() string {
	if r.StatusCode == 0 {
		return "none"
	}
	return strings.TrimSpace(fmt.Sprint(r.StatusCode, " ", r.Message))
}

func answerCommand() *cobra.Command {
	return controlCommand(&cobra.Command{
		Use:   "answer ID STATUS [REASON]",
		Short: "Answer a registration as its registrar, now",
		Long: `Have the registrar of a SIP registration answer now: STATUS is 200 or a SIP status
from 300 to 699, REASON the text behind it (default: the usual one).`,
		Example: "  voxemu answer 1 403 Forbidden",
		Args:    cobra.RangeArgs(2, 3),
	}, func(api controlAPI, args []string) error {
		id, err := number("ID", args[0], "the number of a registration")
		if err != nil {
			return err
		}
		status, err := number("STATUS", args[1], "a SIP status such as 403")
		if err != nil {
			return err
		}
		answer := struct {
			StatusCode int64  `json:"status_code"`
			Reason     string `json:"reason,omitempty"`
		}{StatusCode: status}
		if len(args) > 2 {
			answer.Reason = args[2]
		}
		body, err := json.Marshal(answer)
		if err != nil {
			return err
		}
		return api.print(http.MethodPost, fmt.Sprintf("/_voxemu/registrations/%d/answer", id), body,
			inWords(func(r registration) string { return fmt.Sprintf("registration %d: %s, %s", r.ID, r.State, r.answer()) }))
	})
}

func number(name, text, want string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		return 0, wrongUsage("%s %q: want %s", name, text, want)
	}
	return n, nil
}
