// Command conformance tests the built emulator with independent programs.
//
//	conformance clients   all clients send the common steps; writes docs/conformance.md
//	conformance haproxy   clients send them through docs/haproxy.cfg to two emulators
//	conformance judges    fuzzers and proxies that use only openapi.yaml
//
// A program whose runtime is missing is reported as not run. The exit code is 1 if
// anything failed, and in CI (CI=true) also if anything was not run.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

type options struct {
	binary string // of the emulator
	folder string // testkit/internal/conformance
	table  string // file for the clients' results
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
	case "haproxy":
		return judgeByHAProxy(options)
	case "judges":
		return judgeBySpecification(options)
	}
	return fmt.Errorf("usage: conformance [flags] clients | haproxy | judges")
}

// wantedPart reports whether -only includes a judge or the name of a part of it.
func (o options) wantedPart(judge, part string) bool { return o.wanted(judge) || o.wanted(part) }

func (o options) wantsGenerator() bool {
	return slices.ContainsFunc(generators, func(g generator) bool { return o.wanted(g.name) })
}

// wanted reports whether -only includes the name.
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
