// Package faults_test sends requests with all kinds of faults from several clients, and
// records what they report in seen.csv, from which the table of docs/faults.md is made.
package faults_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/scenarios/document"
)

var update = flag.Bool("update", false, "rewrite seen.csv")

const seenFile = "seen.csv"

// brokenCall is a row of the table: a value of then in a rule.
type brokenCall struct {
	then  string
	after bool
}

// brokenCalls are the rows of the table. A kind that is not in the list has one with
// its defaults.
func brokenCalls() []brokenCall {
	rows := []brokenCall{
		{then: `api_error: INSUFFICIENT_MONEY`},
		{then: `rate_limit: {calls: 1, per: 1h}`},
		{then: `rate_limit: {calls: 1, per: 1h, status: 429}`},
		{then: `http: {status: 429, headers: {Retry-After: "1"}}`},
		{then: `http: {status: 502, headers: {Content-Type: text/html}, body: <h1>Bad Gateway</h1>}`},
		{then: `http: {status: 204}`},
		{then: `delay: {fixed: 1h}`},
		{then: `slow_body: {over: 1h}`},
		{then: `hang: {}`},
		{then: `reset: {}`},
		{then: `reset: {}`, after: true},
		{then: `reset: {after_sending: headers}`},
		{then: `reset: {after_sending: body}`},
		{then: `close: {}`},
		{then: `close: {after_sending: headers}`},
		{then: `close: {after_sending: body}`},
		{then: `empty_body: {}`},
		{then: `truncated_json: {}`},
		{then: `malformed_json: {}`},
		{then: `content_type: text/html`},
		{then: `duplicate_reply: {}`},
	}
	for _, kind := range fault.Kinds() {
		if !slices.ContainsFunc(rows, func(r brokenCall) bool { return strings.HasPrefix(r.then, kind.Name+":") }) {
			rows = append(rows, brokenCall{then: kind.Name + ": {}"})
		}
	}
	return rows
}

// The table contains what clients report. -update writes it. Cells of clients that are
// not installed, or that have another version, are kept as another machine has written
// them, except for Go.
func TestTheTableOfFaultsIsWhatClientsSee(t *testing.T) {
	text, err := os.ReadFile(seenFile)
	if err != nil {
		t.Fatal(err)
	}
	cells, written := readTable(t, text), readTable(t, text)
	s := faultyServer(t)
	for _, w := range witnesses {
		version, err := w.version()
		switch {
		case err != nil:
			t.Logf("%s: not run: %v", w.title, err)
			continue
		case w.title == "Go net/http" && !*update: // any version
		case version != written[versionsRow][w.title] && !*update:
			t.Logf("%s: not run: the table was written with %s, here is %s", w.title, written[versionsRow][w.title], version)
			continue
		default:
			cells[versionsRow][w.title] = version
		}
		testify(t, s, w, cells)
	}
	if *update {
		if err := os.WriteFile(seenFile, []byte(cells.text(t)), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := gocmp.Diff(cells.text(t), string(text)); diff != "" {
		t.Errorf("%s is not what clients see; rewrite it with -update (-seen +written):\n%s", seenFile, diff)
	}
}

// faultyServer stands still, so that delays do not sleep.
func faultyServer(t *testing.T) *emulator.Server {
	t.Helper()
	s, err := emulator.New(emulator.WithClock(clock.Stopped(time.Now())), emulator.WithListen("127.0.0.1:0", "127.0.0.1:0"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close(context.Background()) })
	return s
}

// testify fills a client's column, with a request per row.
func testify(t *testing.T, s *emulator.Server, w witness, cells table) {
	call := w.start(t, s)
	for _, row := range brokenCalls() {
		rule := fault.Rule{Name: "row", After: row.after}
		if err := document.Read(document.Source{Name: "then", Text: []byte(row.then)}, &rule.Then); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(s.Reset(), s.Faults().Replace(rule)); err != nil {
			t.Fatal(err)
		}
		if rule.Then.RateLimit != nil {
			call(false) // uses up the limit
		}
		before := registrations(t, s)
		seen := call(rule.Then.Hang != nil)
		work := map[bool]string{true: "done", false: "not done"}[registrations(t, s) > before]
		name := rowName(row.then, row.after)
		if cells[name] == nil {
			cells[name] = map[string]string{}
		}
		if w.title != witnesses[0].title && cells[name][workColumn] != work {
			t.Errorf("%s, %s: the work is %s, by Go's call it is %s", w.title, name, work, cells[name][workColumn])
		}
		cells[name][w.title], cells[name][workColumn] = seen, work
	}
}

func registrations(t *testing.T, s *emulator.Server) int {
	t.Helper()
	state, err := s.State()
	if err != nil {
		t.Fatal(err)
	}
	return len(state.Registrations)
}
