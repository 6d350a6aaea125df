package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/vox"
)

func explainCommand() *cobra.Command {
	var names []string
	var after string
	var strict, asJSON bool
	c := &cobra.Command{
		Use:   "explain [flags] -- METHOD [PARAMETER=VALUE…]",
		Short: "Print how a scenario answers a request, and why, without serving",
		Long: `Print how a scenario answers a request: which fault rules match it and why the
others do not, what the client sees, which mistakes the request has, and what the
registrar will answer. No port is opened, no callback is sent; the clock is
stopped.

A request without api_key and session_id is made with the api_key of its account
or, if it names none, of the first account.`,
		Example: `  voxemu explain --scenario outage --after 2m -- GetSipRegistrations account_id=1
  voxemu explain --scenario mine.yaml -- CreateSipRegistration sip_username=sales proxy=sip-403.test`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			q, err := question(args, after)
			if err != nil {
				return err
			}
			options := []emulator.Option{emulator.WithScenario(names...)}
			if strict {
				options = append(options, emulator.WithStrict())
			}
			x, err := emulator.Explain(q, options...)
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(c.OutOrStdout()).Encode(x)
			}
			_, err = io.WriteString(c.OutOrStdout(), explanationInWords(x))
			return err
		},
	}
	f := c.Flags()
	scenarioFlag(c, &names)
	f.StringVar(&after, "after", "0s", "`DURATION` since the scenario was loaded, such as 90s or 1mo2d")
	f.BoolVar(&strict, "strict", false, "refuse unknown parameters (492), as serve --strict does")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// question parses METHOD PARAMETER=VALUE….
func question(args []string, after string) (emulator.Question, error) {
	ahead, err := clock.ParseSpan(after)
	if err != nil {
		return emulator.Question{}, wrongUsage("--after: %w", err)
	}
	q := emulator.Question{Method: args[0], Parameters: url.Values{}, Ahead: ahead}
	if q.Method == "" || strings.ContainsAny(q.Method, "=/") {
		return q, wrongUsage("%q is no method: want METHOD PARAMETER=VALUE…, such as GetSipRegistrations account_id=1", q.Method)
	}
	for _, arg := range args[1:] {
		name, value, ok := strings.Cut(arg, "=")
		if !ok || name == "" { // the argument may be a secret, so the error does not contain it
			return q, wrongUsage("want PARAMETER=VALUE behind the method, such as account_id=1")
		}
		q.Parameters.Add(name, value)
	}
	return q, nil
}

// explanationInWords formats an explanation, with a section for each part.
func explanationInWords(x emulator.Explanation) string {
	var out strings.Builder
	if x.ActingFor != 0 {
		fmt.Fprintf(&out, "with the api_key of account %d, because the call says nothing about who makes it\n\n", x.ActingFor)
	}
	fmt.Fprintln(&out, "faults")
	for _, verdict := range faultsInWords(x) {
		fmt.Fprintln(&out, " ", verdict)
	}
	fmt.Fprintf(&out, "\nreply\n  %s\n%s", statusInWords(x), indented(x.Body))
	fmt.Fprintln(&out, "\nwhy")
	for _, reason := range reasons(x) {
		fmt.Fprintln(&out, " ", reason)
	}
	if x.Registrar != nil {
		fmt.Fprintf(&out, "\nregistrar\n  %s\n", forecastInWords(x.RegistrationID, *x.Registrar))
	}
	return out.String()
}

func faultsInWords(x emulator.Explanation) []string {
	if len(x.Verdicts) == 0 {
		return []string{"none are armed"}
	}
	lines := make([]string, len(x.Verdicts))
	for i, v := range x.Verdicts {
		said := "is applied"
		switch {
		case v.Unmet == "then.rate_limit":
			said = "does not apply: the call is within the limit"
		case v.Unmet != "":
			said = "does not match: " + v.Unmet
		case x.Fault == nil || v.Rule != x.Fault.Name:
			said = "matches, but an earlier rule is applied"
		}
		if v.Number > 0 {
			said += fmt.Sprintf("; it is number %d of those that the rule counts", v.Number)
		}
		lines[i] = fmt.Sprintf("%s: %s", v.Rule, said)
	}
	return lines
}

func statusInWords(x emulator.Explanation) string {
	switch {
	case x.Status == 0 && x.Fault != nil && x.Fault.Then.Hang != nil:
		return "none, until the client gives up"
	case x.Status == 0:
		return "none: the connection ends without one"
	}
	text := fmt.Sprintf("HTTP %d %s, %s", x.Status, http.StatusText(x.Status), x.Header.Get("Content-Type"))
	if seconds := x.Header.Get("Retry-After"); seconds != "" {
		text += ", Retry-After: " + seconds
	}
	if x.Request.Aborted != "" {
		text += ", cut off"
	}
	return text
}

// indented returns a body indented by two columns, JSON on several lines.
func indented(body string) string {
	if body == "" {
		return ""
	}
	var pretty bytes.Buffer
	if json.Indent(&pretty, []byte(body), "", "  ") == nil {
		body = pretty.String()
	}
	return "  " + strings.ReplaceAll(strings.TrimRight(body, "\n"), "\n", "\n  ") + "\n"
}

func reasons(x emulator.Explanation) []string {
	lines := explained(x.Request)
	if x.Fault != nil {
		text := fmt.Sprintf("the fault %s: %s", x.Fault.Name, plainJSON(x.Fault.Then))
		if x.Fault.After {
			text += ", once the work was done"
		}
		lines = append(lines, text)
	}
	if x.Request.Code != 0 {
		text := fmt.Sprintf("the error %s (%d)", x.Request.Error, x.Request.Code)
		if x.Request.Field != "" {
			text += " on " + x.Request.Field
		}
		lines = append(lines, text)
	}
	if x.Request.Denied != "" {
		lines = append(lines, x.Request.Denied)
	}
	for _, warning := range x.Request.Warnings {
		lines = append(lines, "warning: "+warning)
	}
	if len(lines) == 0 {
		lines = []string{"the call fits the contract, and no fault is applied"}
	}
	return lines
}

// plainJSON returns a value as JSON on one line, with < instead of \u003c.
func plainJSON(value any) string {
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value) // cannot fail: the value was decoded from a file
	return strings.TrimSpace(out.String())
}

func forecastInWords(id int64, f vox.Forecast) string {
	if f.Real != "" {
		return fmt.Sprintf("registration %d is real by the pattern %s: its PBX decides", id, f.Real)
	}
	by := "no rule and no magic host matches"
	switch {
	case f.Rule > 0:
		by = fmt.Sprintf("by registrar.rules[%d]", f.Rule-1)
	case f.MagicHost != "":
		by = "by the magic host " + f.MagicHost
	}
	if f.Offline != "" {
		return fmt.Sprintf("registration %d %s: its registrar is not asked; it would say %s, %s", id, f.Offline, strings.Join(f.Answers, ", then "), by)
	}
	return fmt.Sprintf("registration %d: after %s %s; %s", id, f.Delay, strings.Join(f.Answers, ", then "), by)
}
