package main

import (
	"cmp"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

// figures are a question's results over all rounds.
type figures struct {
	perSecond float64 // the median of the rounds
	p50, p99  time.Duration
}

func (s *server) figures(name string) figures {
	var rates []float64
	var calls []time.Duration
	for _, m := range s.results[name] {
		rates = append(rates, m.perSecond())
		calls = append(calls, m.calls...)
	}
	if len(calls) == 0 {
		return figures{}
	}
	slices.Sort(rates)
	slices.Sort(calls)
	return figures{rates[len(rates)/2], calls[len(calls)/2], calls[len(calls)*99/100]}
}

const introduction = `# voxemu beside other mock servers

What does it cost to start voxemu, and how fast does it answer, beside servers that answer from fixtures?
` + "`make bench-peers`" + ` measures all of them in one run and writes this page.

- Start: median of %d, from the start of the process to the first right answer. Memory: resident, idle, a
  second after that. voxemu starts with its demo scenario, and again with 1,000 registrations for the load.
- Load: %d connections kept alive, each with one call at a time, as fast as the server answers, from one
  generator on the same machine (%d CPUs); %d rounds of %v for each server and call, in turn, after one for
  the warm-up. Calls per second are the median of the rounds, p50 and p99 those of all calls.
- The floor is a bare net/http handler that reads the same body and answers a constant as long as
  voxemu's answer. The share of it says more than the calls per second, which depend on the machine and on
  what else it does: before this run its load average was %s, and 0 would be best.

`

// busy returns the load average of the last minute; empty without /proc.
func busy() string {
	text, _ := os.ReadFile("/proc/loadavg")
	average, _, _ := strings.Cut(string(text), " ")
	return cmp.Or(average, "unknown")
}

// report returns docs/performance-peers.md; the first server is the lower bound.
func report(all []*server, o options) string {
	var out strings.Builder
	fmt.Fprintf(&out, introduction, starts, o.connections, runtime.NumCPU(), o.rounds, o.time, o.busy)
	fmt.Fprintf(&out, "| server | version | what it does for an answer | start, ms | idle, MB |\n| --- | --- | --- | ---: | ---: |\n")
	for _, s := range all {
		if s.notRun != "" {
			fmt.Fprintf(&out, "| %s | %s | not run: %s | – | – |\n", s.name, s.versionText(), cell(s.notRun))
			continue
		}
		fmt.Fprintf(&out, "| %s | %s | %s | %.0f | %.0f |\n", s.name, s.versionText(), s.does, s.started.Seconds()*1000, float64(s.memory)/1e6)
	}
	for _, name := range []string{"create", "list"} {
		out.WriteString("\n" + table(all, name))
	}
	out.WriteString("\nstripe-mock speaks Stripe's API only: its create is `POST /v1/customers`, its list `GET /v1/customers`, which\n" +
		"gives one customer. Prism's list gives the rows of the specification's example.\n\n" +
		"![The same shares as bars](performance-peers.svg)\n")
	return out.String()
}

func table(all []*server, name string) string {
	var out strings.Builder
	fmt.Fprintf(&out, "| %s | per second | of the floor | p50, µs | p99, µs |\n| --- | ---: | ---: | ---: | ---: |\n",
		map[string]string{"create": "a create", "list": "a list of 20"}[name])
	floor := all[0].figures(name)
	for _, s := range all {
		f := s.figures(name)
		if f.perSecond == 0 {
			fmt.Fprintf(&out, "| %s | not run | – | – | – |\n", s.name)
			continue
		}
		fmt.Fprintf(&out, "| %s | %.0f | %s | %d | %d |\n", s.name, f.perSecond, share(f, floor), f.p50.Microseconds(), f.p99.Microseconds())
	}
	return out.String()
}

func share(f, floor figures) string {
	if floor.perSecond == 0 {
		return "–"
	}
	return fmt.Sprintf("%.0f %%", 100*f.perSecond/floor.perSecond)
}

// cell escapes a text for a cell of a table.
func cell(text string) string {
	return strings.NewReplacer("\n", " ", "|", "/").Replace(text)
}
