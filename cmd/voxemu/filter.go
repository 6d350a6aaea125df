package main

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/emulator/journal"
)

// filterFlags are the flags that select requests of the journal.
type filterFlags struct {
	named                       journal.Filter // flags without parsing
	code, mistake, since, until string
	parameters                  []string
}

func (f *filterFlags) add(c *cobra.Command) {
	to := c.Flags()
	to.StringVar(&f.named.Method, "method", "", "requests to this `METHOD`")
	to.StringVar((*string)(&f.named.CallbackType), "callback", "", "callbacks of this `TYPE`, such as sip_registration_fail")
	to.Var((*accountID)(&f.named.AccountID), "account", "requests and callbacks of the account with this `ID`")
	to.StringVar(&f.code, "code", "", "answered with this `ERROR`, by number or name; 0: successful requests")
	to.StringArrayVar(&f.parameters, "parameter", nil, "requests with this parameter, `NAME=VALUE`; repeat for several")
	to.StringVar(&f.named.Fault, "fault", "", "requests to which the fault with this `NAME` was applied; *: any fault")
	to.StringVar(&f.mistake, "mistake", "", "requests with a mistake of this `KIND`: contract, unknown_method, unknown_parameter or any")
	to.StringVar(&f.since, "since", "", "from this `MOMENT` on of the emulator's clock, such as 2026-03-01 or 2026-03-01T09:30:00Z")
	to.StringVar(&f.until, "until", "", "before this `MOMENT`")
	complete(c, "method", completeFrom("/_voxemu/coverage", func(all struct{ Emulated []string }) []string { return all.Emulated }))
	complete(c, "mistake", cobra.FixedCompletions([]string{
		string(journal.ContractMistake), string(journal.UnknownMethodMistake), string(journal.UnknownParameterMistake), string(journal.AnyMistake),
	}, cobra.ShellCompDirectiveNoFileComp))
}

// filter returns the filter of the flags; an error is a usage error.
func (f filterFlags) filter() (journal.Filter, error) {
	filter := f.named
	if number, err := strconv.Atoi(f.code); err == nil {
		filter.Code = &number
	} else {
		filter.Error = f.code
	}
	if err := filter.Mistake.UnmarshalText([]byte(f.mistake)); err != nil {
		return filter, wrongUsage("--mistake: %w", err)
	}
	for _, pair := range f.parameters {
		name, value, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return filter, wrongUsage("--parameter %q: want NAME=VALUE, such as sip_username=alice", pair)
		}
		filter = filter.With(name, value)
	}
	var err error
	if filter.Since, err = moment("--since", f.since); err != nil {
		return filter, err
	}
	filter.Until, err = moment("--until", f.until)
	return filter, err
}

// moment parses a flag; empty: the zero time.
func moment(flag, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, nil
		}
	}
	return time.Time{}, wrongUsage("%s %q: want a moment such as 2026-03-01T09:30:00Z, or a day such as 2026-03-01", flag, text)
}

// query returns the filter as a query of the control API; an error is a usage error.
func (f filterFlags) query() (url.Values, error) {
	filter, err := f.filter()
	query := url.Values{}
	set := func(name, value string) {
		if value != "" {
			query.Set(name, value)
		}
	}
	set("method", filter.Method)
	set("callback_type", string(filter.CallbackType))
	set("error", filter.Error)
	set("fault", filter.Fault)
	set("mistake", string(filter.Mistake))
	if filter.AccountID != 0 {
		set("account_id", strconv.FormatInt(filter.AccountID, 10))
	}
	if filter.Code != nil {
		set("code", strconv.Itoa(*filter.Code))
	}
	for name, at := range map[string]time.Time{"since": filter.Since, "until": filter.Until} {
		if !at.IsZero() {
			set(name, at.Format(time.RFC3339Nano))
		}
	}
	for _, pair := range f.parameters {
		query.Add("parameter", pair)
	}
	return query, err
}
