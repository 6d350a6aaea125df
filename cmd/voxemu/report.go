package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/report"
)

// reportFlags are the flags of a report, for exec and report.
type reportFlags struct {
	dir, baseline string
	update        bool
	failUnder     []string
	methods       []string
}

func (f *reportFlags) add(c *cobra.Command) {
	to := c.Flags()
	to.StringVar(&f.dir, "report", "", "write what the requests covered into `DIR`: report.html, junit.xml, report.json, summary.md, annotations.txt")
	to.StringArrayVar(&f.failUnder, "fail-under", nil, "fail if less than `PERCENT` is covered, or with ASPECT=PERCENT of an aspect, such as errors=40; repeat for more")
	to.StringVar(&f.baseline, "baseline", "", "fail if something that `FILE` lists is no longer covered")
	to.BoolVar(&f.update, "update-baseline", false, "write what is covered into the file of --baseline instead")
	to.StringArrayVar(&f.methods, "methods", nil, "count these methods only; a `PATTERN` such as '*SipRegistration*'; repeat for more")
}

// given reports whether a report is wanted.
func (f *reportFlags) given() bool {
	return f.dir != "" || f.baseline != "" || len(f.failUnder) > 0
}

// reportCheck is what the flags ask for, read before the run, so that a mistake in them does
// not waste it.
type reportCheck struct {
	reportFlags
	minima   []report.Minimum
	baseline report.Baseline
}

func (f *reportFlags) check() (*reportCheck, error) {
	check := &reportCheck{reportFlags: *f}
	for _, text := range f.failUnder {
		minimum, err := report.ParseMinimum(text)
		if err != nil {
			return nil, wrongUsage("--fail-under %w", err)
		}
		check.minima = append(check.minima, minimum)
	}
	blank, err := emulator.BlankReport()
	if err != nil {
		return nil, err
	}
	if err := blank.Only(f.methods...); err != nil {
		return nil, wrongUsage("--methods: %w", err)
	}
	if f.update && f.baseline == "" {
		return nil, wrongUsage("--update-baseline: want --baseline FILE as well")
	}
	if f.baseline == "" || f.update {
		return check, nil
	}
	text, err := os.ReadFile(f.baseline)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w; make it with --update-baseline", err)
	}
	if err == nil {
		if check.baseline, err = report.ReadBaseline(text); err != nil {
			err = fmt.Errorf("%s: %w", f.baseline, err)
		}
	}
	return check, err
}

// finish writes the files and prints on log what the flags ask for. It returns false if
// too little is covered. A run that was not complete does not change the baseline.
func (c *reportCheck) finish(r report.Report, complete bool, log io.Writer) (enough bool, err error) {
	if err := r.Only(c.methods...); err != nil {
		return false, err
	}
	failures := r.Check(c.minima, c.baseline)
	if c.update && complete {
		if err := writeFile(c.reportFlags.baseline, r.Baseline().Text(), 0o644); err != nil {
			return false, err
		}
	}
	if c.dir != "" {
		if err := r.Write(c.dir, failures); err != nil {
			return false, err
		}
	}
	if err := c.tellGitHub(&r, failures, log); err != nil {
		return false, err
	}
	fmt.Fprintf(log, "voxemu: %s of the API covered\n", r.Shares()[0])
	if gained := r.Gained(c.baseline); len(c.baseline) > 0 && len(gained) > 0 {
		fmt.Fprintf(log, "voxemu: %d more are covered than the baseline lists; keep them with --update-baseline\n", len(gained))
	}
	for _, line := range failures {
		fmt.Fprintln(log, "voxemu: "+line)
	}
	return len(failures) == 0, nil
}

// tellGitHub adds the summary and the annotations to the job, if it is one of GitHub
// Actions.
func (c *reportCheck) tellGitHub(r *report.Report, failures []string, log io.Writer) error {
	if os.Getenv("GITHUB_ACTIONS") != "true" {
		return nil
	}
	annotations, err := r.Text(report.GitHub, failures)
	if err != nil {
		return err
	}
	if _, err := log.Write(annotations); err != nil {
		return err
	}
	name := os.Getenv("GITHUB_STEP_SUMMARY")
	if name == "" {
		return nil
	}
	summary, err := r.Text(report.Markdown, failures)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = file.Write(append(summary, '\n'))
	return errors.Join(err, file.Close())
}

func reportCommand() *cobra.Command {
	var flags reportFlags
	var from []string
	c := &cobra.Command{
		Use:   "report",
		Short: "Print what the requests covered, and what was wrong",
		Long: `Print which methods, parameters, values of closed sets, documented errors, kinds
of faults, states of registrations and callbacks the requests to a running
emulator covered since its start, and what was wrong in them, in Markdown; also
requests that the journal has dropped. --report writes all forms.

With --from, the reports are read from files instead and added up: from
report.json of several runs, or from a folder that tests have filled with
VOXEMU_REPORT.

Exit code: 1 when --fail-under or --baseline is not met. On GitHub Actions,
annotations and the summary are added to the job.`,
		Example: `  voxemu report --report coverage --fail-under 20
  voxemu report --methods '*SipRegistration*' --baseline coverage.txt
  voxemu report --from worker1/report.json --from worker2/report.json`,
		Args: noArguments,
	}
	flags.add(c)
	c.Flags().StringArrayVar(&from, "from", nil, "read the report from `FILE`, or from the *.jsonl of a folder, instead of an emulator; repeat for more")
	controlCommand(c, func(api controlAPI, _ []string) error {
		check, err := flags.check()
		if err != nil {
			return err
		}
		total, err := emulator.BlankReport()
		if err != nil {
			return err
		}
		if len(from) == 0 {
			total, err = api.report()
		}
		for _, path := range from {
			if err == nil {
				err = total.MergeFile(path)
			}
		}
		if err != nil {
			return err
		}
		if err := api.showReport(total, flags.methods); err != nil {
			return err
		}
		if !flags.given() {
			return nil
		}
		enough, err := check.finish(total, true, c.ErrOrStderr())
		if err == nil && !enough {
			err = exitError{code: exitFailed}
		}
		return err
	})
	clearReport := controlCommand(&cobra.Command{
		Use:     "clear",
		Short:   "Count from now on",
		Example: "  voxemu report clear",
		Args:    noArguments,
	}, func(api controlAPI, _ []string) error {
		return api.print(http.MethodDelete, "/_voxemu/report", nil, say("counting from now on"))
	})
	c.AddCommand(clearReport)
	return c
}

// report asks a running emulator for its report.
func (a controlAPI) report() (report.Report, error) {
	var r report.Report
	text, err := a.get(a.command.Context(), "/_voxemu/report")
	if err == nil {
		if err = json.Unmarshal(text, &r); err != nil {
			err = fmt.Errorf("the reply is not a report that this version of voxemu can read: %w", err)
		}
	}
	return r, err
}

// showReport prints a report of some methods, in Markdown or JSON.
func (a controlAPI) showReport(r report.Report, methods []string) error {
	if err := r.Only(methods...); err != nil {
		return err
	}
	form := report.Markdown
	if a.asJSON {
		form = report.JSON
	}
	text, err := r.Text(form, nil)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(a.command.OutOrStdout(), strings.TrimSpace(string(text)))
	return err
}
