package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/journal"
)

const (
	// mistakesBuffer is the maximum number of requests that end while one is processed.
	mistakesBuffer = 4096
	// shownMistakes is the maximum number of mistakes in a report, because a client may
	// repeat a mistake in a loop.
	shownMistakes = 20
)

// mistakes collects what is wrong in the requests of a run. It does so during the run,
// because a full journal or a reset would delete them.
type mistakes struct {
	calls  emulator.Subscription
	byText map[string]*mistake
	stop   chan struct{}
	done   chan struct{}
}

// mistake is one mistake, in one or several requests.
type mistake struct {
	text  string
	first int64 // number of the first request
	calls int
}

// collectMistakes starts to collect from the requests that end from now on.
func collectMistakes(j emulator.Journal) *mistakes {
	f := &mistakes{
		j.Subscribe(journal.Filter{Kind: journal.APIRequest}, mistakesBuffer),
		map[string]*mistake{}, make(chan struct{}), make(chan struct{}),
	}
	go f.collect()
	return f
}

func (f *mistakes) collect() {
	defer close(f.done)
	for {
		select {
		case call := <-f.calls.Requests():
			f.note(call)
		case <-f.stop:
			for len(f.calls.Requests()) > 0 {
				f.note(<-f.calls.Requests())
			}
			return
		}
	}
}

func (f *mistakes) note(call journal.Request) {
	for _, text := range mistakesIn(call) {
		m := f.byText[text]
		if m == nil {
			m = &mistake{text, call.Number, 0}
			f.byText[text] = m
		}
		m.first = min(m.first, call.Number)
		m.calls++
	}
}

// mistakesIn returns the mistakes in a request, one per line.
func mistakesIn(call journal.Request) []string {
	if call.NotEmulated {
		return []string{call.Method + ": the real service has the method, voxemu does not"}
	}
	lines := explained(call)
	for i, line := range lines {
		if call.Method != "" && !strings.Contains(line, call.Method) {
			lines[i] = call.Method + ": " + line
		}
	}
	return lines
}

// report ends the collection and prints it unless it is empty.
func (f *mistakes) report(out io.Writer) {
	f.calls.Close()
	close(f.stop)
	<-f.done
	var list []*mistake
	for _, m := range f.byText {
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b *mistake) int {
		return cmp.Or(cmp.Compare(a.first, b.first), strings.Compare(a.text, b.text))
	})
	if len(list) > 0 {
		fmt.Fprintln(out, "voxemu: requests that do not fit the API:")
	}
	for _, m := range list[:min(len(list), shownMistakes)] {
		fmt.Fprintln(out, "  "+m.String())
	}
	if more := len(list) - shownMistakes; more > 0 {
		fmt.Fprintf(out, "  and %d more kinds of mistakes\n", more)
	}
	if dropped := f.calls.Dropped(); dropped > 0 {
		fmt.Fprintf(out, "voxemu: %d requests are missing in this report, they came too fast\n", dropped)
	}
}

func (f *mistake) String() string {
	if f.calls == 1 {
		return fmt.Sprintf("%s (request %d)", f.text, f.first)
	}
	return fmt.Sprintf("%s (%d requests, the first is request %d)", f.text, f.calls, f.first)
}

// reportUntriggered prints the faults that fail --require-faults, and returns false if
// there are any. Optional faults need not all be triggered. If all faults are optional,
// one must be, because otherwise the run has tested nothing.
func reportUntriggered(out io.Writer, faults emulator.Faults) bool {
	unspent, armed := faults.Unspent(), faults.Rules()
	triggered := slices.ContainsFunc(armed, func(f fault.Status) bool { return f.Hits > 0 })
	switch {
	case len(unspent) == 0 && len(armed) > 0 && !triggered:
		fmt.Fprintln(out, "voxemu: all armed faults are optional, and none was triggered:")
		unspent = armed
	case len(unspent) > 0:
		fmt.Fprintln(out, "voxemu: faults that were never triggered, or not as often as they should be:")
	default:
		return true
	}
	for _, f := range unspent {
		line := fmt.Sprintf("  %s was triggered by %d of the %d requests that matched it", f.Name, f.Hits, f.Seen)
		if f.Remaining != nil {
			line += fmt.Sprintf(", %d to go", *f.Remaining)
		}
		fmt.Fprintln(out, line)
	}
	return false
}
