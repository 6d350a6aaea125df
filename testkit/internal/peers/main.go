// Command peers measures voxemu and other mock servers in one run with the same load
// generator. It writes the table and the plot of docs/performance-peers.md. make
// bench-peers runs it:
//
//	go run . -binary ../../../bin/voxemu -rounds 5 -time 5s
package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"
)

type options struct {
	binary      string        // the built voxemu
	rounds      int           // measurements per server
	time        time.Duration // of one measurement
	connections int           // kept alive, each with one request at a time
	docs        string        // folder of the page and the plot
	busy        string        // load of the machine before the run
}

func main() {
	log.SetFlags(0)
	if len(os.Args) == 4 && os.Args[1] == "floor" {
		log.Fatal(serveFloor(os.Args[2], os.Args[3]))
	}
	var o options
	flag.StringVar(&o.binary, "binary", "../../../bin/voxemu", "the voxemu to measure")
	flag.IntVar(&o.rounds, "rounds", 5, "how often each server is measured")
	flag.DurationVar(&o.time, "time", 5*time.Second, "length of one measurement")
	flag.IntVar(&o.connections, "connections", 8, "connections, each with one call at a time")
	flag.StringVar(&o.docs, "docs", "../../../docs", "folder of performance-peers.md and .svg")
	flag.Parse()
	o.busy = busy()
	if err := run(o); err != nil {
		log.Fatal(err)
	}
}

func run(o options) error {
	folder, err := os.MkdirTemp("", "voxemu-peers-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	all, err := servers(o, folder)
	if err != nil {
		return err
	}
	for _, s := range all {
		if err := s.measureStart(folder); err != nil {
			s.notRun = err.Error()
		}
		fmt.Println(s.name, "started in", s.started, s.notRun)
	}
	defer func() {
		for _, s := range all {
			s.stop()
		}
	}()
	for round := range o.rounds + 1 {
		if err := measureRound(all, round, o); err != nil {
			return err
		}
		if round == 0 { // the warm-up: Java and JavaScript compile what runs often
			for _, s := range all {
				s.results = nil
			}
		}
	}
	return write(all, o)
}

// measureRound measures all servers. Each round starts with another one, so that other
// load on the machine affects all alike.
func measureRound(all []*server, round int, o options) error {
	for i := range all {
		s := all[(i+round)%len(all)]
		if s.notRun != "" {
			continue
		}
		for _, q := range s.questions() {
			if s.reset != "" {
				if err := s.backToScenario(); err != nil {
					return err
				}
			}
			measured, err := load(s.address, q, o.connections, o.time)
			if err != nil {
				return fmt.Errorf("%s, %s: %w", s.name, q.name, err)
			}
			s.add(q, measured)
			fmt.Printf("round %d: %-12s %-6s %8.0f/s\n", round, s.name, q.name, measured.perSecond())
		}
	}
	return nil
}

func write(all []*server, o options) error {
	page, plot := filepath.Join(o.docs, "performance-peers.md"), filepath.Join(o.docs, "performance-peers.svg")
	return errors.Join(
		os.WriteFile(page, []byte(report(all, o)), 0o644),
		os.WriteFile(plot, []byte(draw(all)), 0o644),
	)
}
