package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator"
)

func TestMistakesOutliveTheJournal(t *testing.T) {
	server := journalOf(t, 1)
	found := collectMistakes(server.Journal())
	for range 3 {
		record(server, "sip_user")
	}
	server.Journal().Clear()
	want := "voxemu: requests that do not fit the API:\n  GetSipRegistrations has no parameter sip_user (3 requests, the first is request 1)\n"
	if diff := cmp.Diff(want, reported(found)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNoMistakesPrintNothing(t *testing.T) {
	server := journalOf(t, 10)
	found := collectMistakes(server.Journal())
	record(server)
	if got := reported(found); got != "" {
		t.Errorf("%q", got)
	}
}

func TestALongReportIsCut(t *testing.T) {
	server := journalOf(t, 10)
	found := collectMistakes(server.Journal())
	for i := range shownMistakes + 5 {
		record(server, fmt.Sprint("p", i))
	}
	lines := strings.Split(strings.TrimSpace(reported(found)), "\n")
	if last := lines[len(lines)-1]; len(lines) != shownMistakes+2 || last != "  and 5 more kinds of mistakes" {
		t.Errorf("%d lines, the last %q", len(lines), last)
	}
}

// journalOf returns a server whose journal keeps size requests.
func journalOf(t *testing.T, size int) *emulator.Server {
	t.Helper()
	server, err := emulator.New(emulator.WithJournalSize(size))
	if err != nil {
		t.Fatal(err)
	}
	return server
}

func record(server *emulator.Server, unknown ...string) {
	query := url.Values{"account_id": {"1"}, "api_key": {"demo-key"}}
	for _, name := range unknown {
		query.Set(name, "x")
	}
	r := httptest.NewRequest(http.MethodGet, "/platform_api/GetSipRegistrations?"+query.Encode(), nil)
	server.Handler().ServeHTTP(httptest.NewRecorder(), r)
}

func reported(f *mistakes) string {
	var out strings.Builder
	f.report(&out)
	return out.String()
}

func TestTimesAreReadStrictly(t *testing.T) {
	for text, want := range map[string]string{
		"0": "no", "2": "exactly 2", "1..": "at least 1", "..3": "at most 3", "2..4": "from 2 to 4",
	} {
		if times, err := readTimes(text); err != nil || times.String() != want {
			t.Errorf("%q: %s, error %v; want %s", text, times, err, want)
		}
	}
	for _, text := range []string{"", "..", "-1", "-1..", "0..", "3..2", "1...2", "1..x", "x", "..-1", "1-2", "1.5"} {
		if times, err := readTimes(text); err == nil {
			t.Errorf("%q: %s, want an error", text, times)
		}
	}
}

func TestCredentialsForARealAccountAreTakenAway(t *testing.T) {
	inherited := []string{"HOME=/home/alice", "VOXIMPLANT_CREDENTIALS=/real.json", "VOXIMPLANT_CREDENTIALS_PATH=/real.json", "VOXEMU_CONTROL_TOKEN=x"}
	got := environment(inherited, []variable{{credentialsVar, "/ours.json"}})
	if want := []string{"HOME=/home/alice", "VOXIMPLANT_CREDENTIALS=/ours.json"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
