package main

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/emulator/evidence"
	"github.com/voxemu/voxemu/scenarios"
)

type compareFlags struct {
	scenario []string
	seedOut  string
	json     bool
	junit    string
}

func compareCommand() *cobra.Command {
	var flags compareFlags
	c := &cobra.Command{
		Use:   "compare FILE…",
		Short: "Compare recordings of a real service with the emulator",
		Long: `Send the requests of recordings to a fresh emulator each and report how its
replies differ from the recorded ones, grouped by cause, with the assumptions
that are touched. What has to exist is derived from the recording; --seed-out
shows it. Values are compared only where the specification defines them.

Differences in ` + evidence.AcceptedFile + ` in this folder are accepted; each has a reason
and a date, and one that no recording shows is a failure.

Exit code 0: no unaccepted difference; 1: differences, or a recording of which
nothing was compared.`,
		Example: "  voxemu compare --junit compare.xml recordings/*.jsonl",
		Args:    cobra.MinimumNArgs(1),
		RunE:    func(c *cobra.Command, files []string) error { return compare(c, flags, files) },
	}
	f := c.Flags()
	f.StringArrayVar(&flags.scenario, "scenario", []string{"empty"}, "built-in `NAME` or file whose behaviour and fees the emulator has; repeat to merge several")
	f.StringVar(&flags.seedOut, "seed-out", "", "write what had to exist to a new scenario `FILE`; for one recording")
	f.BoolVar(&flags.json, "json", false, "print a JSON object")
	f.StringVar(&flags.junit, "junit", "", "write the result as JUnit XML to `FILE`")
	complete(c, "scenario", cobra.FixedCompletions(scenarios.Names(), cobra.ShellCompDirectiveDefault))
	return c
}

func compare(c *cobra.Command, flags compareFlags, files []string) error {
	if flags.seedOut != "" && len(files) > 1 {
		return wrongUsage("--seed-out: want one recording, not %d", len(files))
	}
	accepted, err := evidence.ReadAccepted(evidence.AcceptedFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	report, err := evidence.Compare(c.Context(), files, evidence.Options{Scenario: flags.scenario, Accepted: accepted})
	if err != nil {
		return err
	}
	if flags.seedOut != "" {
		if err := writeSeed(flags.seedOut, report.Seeds[0]); err != nil {
			return err
		}
	}
	if flags.junit != "" {
		if err := writeJUnit(flags.junit, report); err != nil {
			return err
		}
	}
	if flags.json {
		encoder := json.NewEncoder(c.OutOrStdout())
		encoder.SetEscapeHTML(false)
		err = encoder.Encode(report)
	} else {
		err = printReport(c.OutOrStdout(), report)
	}
	if err == nil && report.Failed() {
		return exitError{code: exitFailed}
	}
	return err
}

func writeSeed(name string, seed scenarios.Scenario) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(seed.WriteYAML(file), file.Close())
}

func printReport(out io.Writer, r evidence.Report) error {
	var text strings.Builder
	for _, warning := range r.Warnings {
		fmt.Fprintf(&text, "warning: %s\n", warning)
	}
	for _, d := range r.Differences {
		mark := "DIFFERS "
		if d.Accepted != "" {
			mark = "accepted"
		}
		fmt.Fprintf(&text, "%s %s\n", mark, d)
		fmt.Fprintf(&text, "         %s\n", places(d.Exchanges))
		if d.Accepted != "" {
			fmt.Fprintf(&text, "         %s\n", d.Accepted)
		}
	}
	for _, a := range r.Unused {
		fmt.Fprintf(&text, "UNUSED   %s %s %s is accepted, but no recording shows it\n", a.Kind, a.Method, a.Path)
	}
	for _, why := range slices.Sorted(maps.Keys(r.NotCompared)) {
		fmt.Fprintf(&text, "%d exchanges not compared: %s\n", r.NotCompared[why], why)
	}
	fmt.Fprintf(&text, "%d recordings, %d exchanges and %d members compared, %d differences\n", len(r.Recordings), r.Exchanges, r.Members, len(r.Differences))
	for _, file := range r.Nothing {
		fmt.Fprintf(&text, "%s: nothing was compared\n", file)
	}
	_, err := io.WriteString(out, text.String())
	return err
}

// places shows the first of the exchanges that show a difference.
func places(all []string) string {
	const shown = 3
	if len(all) > shown {
		return fmt.Sprintf("%s and %d more", strings.Join(all[:shown], ", "), len(all)-shown)
	}
	return strings.Join(all, ", ")
}

// junitCase is a test case of JUnit XML.
type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	Failure *junitFailure `xml:"failure,omitempty"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// writeJUnit writes a case for each difference, and one for the comparison itself.
func writeJUnit(name string, r evidence.Report) error {
	suite := struct {
		XMLName  xml.Name    `xml:"testsuite"`
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Cases    []junitCase `xml:"testcase"`
	}{Name: "voxemu compare"}
	add := func(name, failure, text string) {
		c := junitCase{Name: name, Class: "voxemu.compare"}
		if failure != "" {
			c.Failure = &junitFailure{failure, text}
			suite.Failures++
		}
		suite.Cases = append(suite.Cases, c)
		suite.Tests++
	}
	nothing := ""
	if len(r.Nothing) > 0 {
		nothing = "nothing was compared of " + strings.Join(r.Nothing, ", ")
	}
	add(fmt.Sprintf("%d exchanges, %d members", r.Exchanges, r.Members), nothing, "")
	for _, d := range r.Differences {
		failure := d.String()
		if d.Accepted != "" {
			failure = ""
		}
		add(d.String(), failure, strings.Join(d.Exchanges, "\n"))
	}
	for _, a := range r.Unused {
		add(fmt.Sprintf("accepted: %s %s %s", a.Kind, a.Method, a.Path), "no recording shows it", a.Reason)
	}
	text, err := xml.MarshalIndent(suite, "", "  ")
	if err != nil {
		return err
	}
	return writeFile(name, append([]byte(xml.Header), text...), 0o644)
}
