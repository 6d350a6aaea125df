package emulator_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/scenarios"
)

func text(t string) scenarios.Source { return scenarios.Source{Name: "test", Text: []byte(t)} }

// flaky makes about half of the requests fail, at random.
const flaky = `
extends: demo
seed: 7
faults:
  - name: flaky
    when: {probability: 0.5}
    then: {http: {status: 503}}
`

// statuses returns the statuses of a number of requests.
func statuses(s *emulator.Server, calls int) []int {
	list := make([]int, calls)
	for i := range list {
		recorder := httptest.NewRecorder()
		s.Handler().ServeHTTP(recorder, get("GetSipRegistrations", url.Values{}))
		list[i] = recorder.Code
	}
	return list
}

func begin(t testing.TB, s *emulator.Server, scenario string) {
	t.Helper()
	if err := s.LoadSources(text(scenario)); err != nil {
		t.Fatal(err)
	}
}

func TestAScenariosFaultsAreArmedByLoadResetAndImportAndMeetTheSameCalls(t *testing.T) {
	s := newServer(t)
	begin(t, s, flaky)
	state := export(t, s)
	want := statuses(s, 30)
	if !strings.Contains(state, "seed: 7") || cmp.Equal(want, make([]int, 30)) || s.Faults().Rules()[0].Hits == 0 {
		t.Fatalf("%v in\n%s", want, state)
	}
	for name, again := range map[string]func() error{
		"load":   func() error { return s.LoadSources(text(flaky)) },
		"reset":  s.Reset,
		"import": func() error { return s.Import([]byte(state)) },
	} {
		put(t, s, fault.Rule{Name: "armed-meanwhile", Then: unavailable})
		if err := again(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, statuses(s, 30)); diff != "" {
			t.Errorf("%s (-first +again):\n%s", name, diff)
		}
	}
	begin(t, s, strings.Replace(flaky, "seed: 7", "seed: 8", 1))
	if cmp.Equal(want, statuses(s, 30)) {
		t.Error("another seed makes no difference")
	}
	if err := s.Load("demo"); err != nil || len(s.Faults().Rules()) != 0 {
		t.Errorf("a scenario without faults leaves some armed: %v", err)
	}
}

func TestServersOfOneSeedHaveTheirOwnFaults(t *testing.T) {
	scenario, err := scenarios.Read(text(flaky))
	if err != nil {
		t.Fatal(err)
	}
	seed, err := emulator.NewSeed(scenario, start)
	if err != nil {
		t.Fatal(err)
	}
	first, second := newServer(t, emulator.WithSeed(seed)), newServer(t, emulator.WithSeed(seed))
	if diff := cmp.Diff(statuses(first, 30), statuses(second, 30)); diff != "" {
		t.Errorf("(-first +second):\n%s", diff)
	}
	scenario.Faults = []fault.Rule{{Name: "wrong", When: fault.When{Method: "Nothing"}, Then: unavailable}}
	if _, err := emulator.NewSeed(scenario, start); err == nil || !strings.Contains(err.Error(), "when.method") {
		t.Errorf("a rule that the API cannot meet: %v", err)
	}
}

func TestOffsetsOfAScenariosFaultsCountFromItsBeginning(t *testing.T) {
	const outage = `
extends: demo
clock: {start: 2026-03-01T00:00:00Z, stopped: true}
faults: [{name: outage, when: {from: 10m, until: 20m}, then: {http: {status: 502}}}]
`
	file := filepath.Join(t.TempDir(), "outage.yaml")
	if err := os.WriteFile(file, []byte(outage), 0o600); err != nil {
		t.Fatal(err)
	}
	s := newServer(t, emulator.WithClock(clock.Live()), emulator.WithScenario(file))
	for _, want := range []int{200, 502, 200} {
		if got := statuses(s, 1)[0]; got != want {
			t.Errorf("at %s: status %d, want %d", s.Now(), got, want)
		}
		advance(t, s, 10*time.Minute)
	}
	reset(t, s)
	if got := statuses(s, 1)[0]; got != http.StatusOK {
		t.Errorf("after a reset: status %d", got)
	}
}

func TestARuleThatTheAPICannotMeetIsRefusedWithItsPlace(t *testing.T) {
	s := newServer(t)
	for wrong, want := range map[string]string{
		"{method: GetSipRegistration}":                                 "test:2:35: when.method: no method is named \"GetSipRegistration\"; did you mean GetSipRegistrations?",
		"{method: GetSipRegistrations, parameters: {outbound: \"*\"}}": "test:2:79: when.parameters.outbound: no selected method has this parameter; known: ",
	} {
		err := s.LoadSources(text("extends: demo\nfaults: [{name: a, when: " + wrong + ", then: {hang: {}}}]"))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v\nwant %s", wrong, err, want)
		}
	}
	if err := s.LoadSources(text("faults: [{name: a, then: {api_error: POOR}}]")); err == nil {
		t.Error("an error that the API does not have is accepted")
	}
}

// The scenario is valid, but the key file cannot be read, so that the import fails after
// it has started.
func TestAnImportThatFailsHalfWayChangesNeitherStateNorFaults(t *testing.T) {
	config := t.TempDir()
	s := newServer(t, emulator.WithConfigDir(config))
	begin(t, s, flaky)
	keys := filepath.Join(config, "keys")
	if err := errors.Join(os.MkdirAll(keys, 0o700), os.WriteFile(filepath.Join(keys, "broken.pem"), []byte("no key"), 0o600)); err != nil {
		t.Fatal(err)
	}
	before, rules := export(t, s), s.Faults().Rules()
	for name, state := range map[string]string{
		"half-way":       "extends: empty\nseed: 9\nkeys: [{id: z-key}, {id: broken}]\nfaults: [{name: other, then: {hang: {}}}]",
		"a wrong row":    "extends: empty\nseed: 9\nregistrations: [{id: 1}]\nfaults: [{name: other, then: {hang: {}}}]",
		"a wrong fault":  "extends: empty\nseed: 9\nfaults: [{name: other, when: {method: No}, then: {hang: {}}}]",
		"no YAML at all": "extends: [",
	} {
		if err := s.Import([]byte(state)); err == nil {
			t.Errorf("%s: imported", name)
		}
		if diff := cmp.Diff(before, export(t, s)); diff != "" {
			t.Errorf("%s: the state has changed:\n%s", name, diff)
		}
		if diff := cmp.Diff(rules, s.Faults().Rules(), cmp.Comparer(func(a, b fault.Moment) bool { return a.Equal(b) })); diff != "" {
			t.Errorf("%s: the faults have changed:\n%s", name, diff)
		}
	}
}
