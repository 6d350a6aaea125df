package emulator_test

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/vox"
)

var saturday = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

func TestASavedStateGoesOnWhereItWasAtItsTime(t *testing.T) {
	first := newServer(t, emulator.WithClock(clock.Stopped(saturday)))
	registered(t, first, "sip-403.test")
	advance(t, first, 40*24*time.Hour)
	saved := save(t, first)

	second := newServer(t, emulator.WithState(saved))
	if diff := cmp.Diff(first.Now(), second.Now()); diff != "" || !second.IsClockStopped() {
		t.Errorf("stopped %v, time (-saved +restored):\n%s", second.IsClockStopped(), diff)
	}
	if diff := cmp.Diff(string(saved), string(save(t, second))); diff != "" {
		t.Errorf("saved again (-saved +restored):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"demo"}, second.Health().Scenario); diff != "" {
		t.Errorf("what reset goes back to:\n%s", diff)
	}
	if err := second.Reset(); err != nil {
		t.Fatal(err)
	}
	if got := second.Health().Counts["registrations"]; got != 4 {
		t.Errorf("%d registrations after a reset, want the 4 of demo", got)
	}
}

func TestAStateThatFollowsTheMachinesTimeSavesNone(t *testing.T) {
	server := newServer(t, emulator.WithClock(clock.Live()))
	if saved := string(save(t, server)); strings.Contains(saved, "\nclock:") || strings.HasPrefix(saved, "clock:") {
		t.Errorf("a clock in\n%s", saved)
	}
	server.StopClock()
	if saved := string(save(t, server)); !strings.Contains(saved, "stopped: true") {
		t.Errorf("no stopped clock in\n%s", saved)
	}
}

func TestChangesCountsWhateverASaveWouldContain(t *testing.T) {
	server := newServer(t, emulator.WithClock(clock.Stopped(saturday)))
	save(t, server) // what was due has run
	steps := []struct {
		name    string
		changes bool
		do      func() error
	}{
		{"nothing", false, func() error { return nil }},
		{"a list", false, func() error { call(t, server, "GetSipRegistrations", nil); return nil }},
		{"a refused create", false, func() error { call(t, server, "CreateSipRegistration", nil); return nil }},
		{"a create", true, func() error { registered(t, server, "b.example.com"); return nil }},
		{"an advance without events", true, func() error { return server.Advance(time.Nanosecond) }},
		{"a top-up", true, func() error { return server.TopUp(1, vox.MustParseMoney("1.00")) }},
		{"resume", true, func() error { server.ResumeClock(); return nil }},
		{"freeze", true, func() error { server.StopClock(); return nil }},
		{"reset", true, server.Reset},
		{"import", true, func() error { return server.Import([]byte("accounts: [{id: 1, name: a}]")) }},
	}
	for _, step := range steps {
		before := server.Changes()
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if changed := server.Changes() != before; changed != step.changes {
			t.Errorf("%s: counted %v, want %v", step.name, changed, step.changes)
		}
	}
}

// The state is larger than the 16 MiB allowed for scenario files.
func TestALargeStateIsRestored(t *testing.T) {
	text := &strings.Builder{}
	text.WriteString("accounts: [{id: 1, name: demo, api_key: demo-key}]\nvoxengine_scenarios:\n")
	script := strings.Repeat("x", 120<<10)
	for id := range 150 {
		fmt.Fprintf(text, "- {id: %d, account_id: 1, name: s%d, script: %s}\n", id+1, id+1, script)
	}
	server := newServer(t, emulator.WithState([]byte(text.String())))
	if got := server.Health().Counts["voxengine_scenarios"]; got != 150 {
		t.Errorf("%d scenarios", got)
	}
}

func TestAStateThatIsNoneIsRefused(t *testing.T) {
	for _, text := range []string{"accounts: [{nam: x}]", "\x00", "[]", "clock: {start: 1"} {
		if server, err := emulator.New(emulator.WithState([]byte(text))); err == nil {
			_ = server.Close(context.Background())
			t.Errorf("%q was accepted", text)
		}
	}
}

func registered(t *testing.T, server *emulator.Server, proxy string) {
	t.Helper()
	reply := call(t, server, "CreateSipRegistration", url.Values{"sip_username": {"JohnGalt"}, "proxy": {proxy}})
	if strings.Contains(reply, "error") {
		t.Fatal(reply)
	}
}

func save(t *testing.T, server *emulator.Server) []byte {
	t.Helper()
	var text bytes.Buffer
	if err := server.Save(&text); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}
