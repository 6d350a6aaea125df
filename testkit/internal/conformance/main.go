// Command conformance lets independent judges loose on the built emulator.
//
//	conformance clients   the common steps by every client, and the table docs/conformance.md
//	conformance judges    fuzzers and proxies that know nothing but openapi.yaml
//
// A judge whose runtime is missing is reported as not run. The exit code is 1
// when anything failed, and in CI (CI=true) also when anything was not run.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// options are the flags of the command.
type options struct {
	binary string // of the emulator
	folder string // testkit/internal/conformance
	table  string // file to write the clients' results to
	only   string // names separated by commas; empty: all
	budget int    // seconds for the fuzzer
}

func main() {
	var options options
	flag.StringVar(&options.binary, "binary", "bin/voxemu", "the emulator's binary")
	flag.StringVar(&options.folder, "folder", "testkit/internal/conformance", "where the clients are")
	flag.StringVar(&options.table, "table", "docs/conformance.md", "where the clients' table goes; empty: nowhere")
	flag.StringVar(&options.only, "only", "", "names of clients or judges, separated by commas; default all, and then the table is written")
	flag.IntVar(&options.budget, "budget", 60, "seconds for the fuzzer")
	flag.Parse()
	if err := run(options, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		os.Exit(1)
	}
}

func run(options options, args []string) error {
	for _, path := range []*string{&options.binary, &options.folder} {
		absolute, err := filepath.Abs(*path)
		if err != nil {
			return err
		}
		*path = absolute
	}
	switch strings.Join(args, " ") {
	case "clients":
		return judgeByClients(options)
	case "judges":
		return judgeBySpecification(options)
	}
	return fmt.Errorf("usage: conformance [flags] clients | judges")
}

// wanted says whether -only names it.
func (o options) wanted(name string) bool {
	if o.only == "" {
		return true
	}
	for only := range strings.SplitSeq(o.only, ",") {
		if only == name {
			return true
		}
	}
	return false
}
