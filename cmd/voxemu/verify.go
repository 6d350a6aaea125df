package main

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/scenarios/document"
)

func verifyCommand() *cobra.Command {
	var wanted filterFlags
	var times string
	c := &cobra.Command{
		Use:   "verify [FILE]",
		Short: "Exit with 1 unless the requests were as expected",
		Long: `Compare the journal of a running emulator with an expectation: the flags select
requests, --times states how many are required. If the number differs, exit with 1
and print the requests that came and the most similar ones.

FILE contains an expectation in YAML or JSON instead, - is standard input. It has
more options, for example patterns:

  filter:
    method: CreateSipRegistration
    parameters: {proxy: {pattern: "\\.example\\.com$"}, password: {given: true}}
  times: {min: 1, max: 2}`,
		Example: `  voxemu verify --method CreateSipRegistration --parameter proxy=sip.example.com
  voxemu verify --method DeleteSipRegistration --times 0`,
		Args: cobra.MaximumNArgs(1),
	}
	wanted.add(c)
	c.Flags().StringVar(&times, "times", "1..", "how many, `N`, or from N to M: N.., ..M or N..M")
	return controlCommand(c, func(api controlAPI, args []string) error {
		source, expectation, err := readExpectation(api.command, wanted, times, args)
		if err != nil {
			return err
		}
		return placed(source, api.printVerdict(http.MethodPost, "/_voxemu/verify", expectation, say("as expected")))
	})
}

// readExpectation reads the expectation from the flags or the file.
func readExpectation(c *cobra.Command, wanted filterFlags, times string, args []string) (source document.Source, text json.RawMessage, err error) {
	var x journal.Expectation
	if x.Filter, err = wanted.filter(); err != nil {
		return source, nil, err
	}
	if x.Times, err = readTimes(times); err != nil {
		return source, nil, err
	}
	if len(args) == 0 {
		text, err = json.Marshal(x)
		return source, text, err
	}
	if query, _ := wanted.query(); len(query) > 0 || c.Flag("times").Changed {
		return source, nil, wrongUsage("want an expectation by flags or in %s, not both", args[0])
	}
	return readDocument(c, args[0], new(journal.Expectation))
}

// readDocument reads a file in YAML or JSON, or standard input if name is -, and returns
// it as JSON. It is also decoded into into, which reports mistakes.
func readDocument(c *cobra.Command, name string, into any) (source document.Source, object json.RawMessage, err error) {
	source.Name = name
	if source.Text, err = readInput(c, name); err != nil {
		return source, nil, err
	}
	object, err = asJSON(source, into)
	return source, object, err
}

func asJSON(source document.Source, into any) (json.RawMessage, error) {
	if err := document.Read(source, into); err != nil {
		return nil, err
	}
	return document.ToJSON(source)
}

// readTimes parses N, N.., ..M and N..M.
func readTimes(text string) (journal.Times, error) {
	least, most, isRange := strings.Cut(text, "..")
	switch {
	case !isRange:
		most = least
	case least == "":
		least = "0"
	}
	minimum, err := strconv.ParseUint(least, 10, 31)
	maximum, err2 := strconv.ParseUint(most, 10, 31)
	switch {
	case err == nil && most == "" && minimum > 0:
		return journal.AtLeast(int(minimum)), nil
	case err == nil && err2 == nil && minimum <= maximum:
		return journal.Times{Min: int(minimum), Max: new(int(maximum))}, nil
	}
	return journal.Times{}, wrongUsage("--times %q: want how many, such as 2, or from least to most: 1.., ..3, 1..3", text)
}
