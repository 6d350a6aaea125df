package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/journal"
)

func TestFindingsOutliveTheJournal(t *testing.T) {
	j := journal.New(1)
	found := findIn(j)
	for range 3 {
		record(j, "sip_user")
	}
	j.Clear()
	want := "voxemu: calls that do not fit the API:\n  GetUsers has no parameter sip_user (3 calls, the first is call 1)\n"
	if diff := cmp.Diff(want, reported(found)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNoFindingsPrintNothing(t *testing.T) {
	j := journal.New(10)
	found := findIn(j)
	record(j)
	if got := reported(found); got != "" {
		t.Errorf("%q", got)
	}
}

func TestALongReportIsCut(t *testing.T) {
	j := journal.New(10)
	found := findIn(j)
	for i := range shownFindings + 5 {
		record(j, fmt.Sprint("p", i))
	}
	lines := strings.Split(strings.TrimSpace(reported(found)), "\n")
	if last := lines[len(lines)-1]; len(lines) != shownFindings+2 || last != "  and 5 more kinds of mistakes" {
		t.Errorf("%d lines, the last %q", len(lines), last)
	}
}

func record(j *journal.Journal, unknown ...string) {
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	call := j.Open(journal.KindCall, at)
	call.Method, call.UnknownParameters = "GetUsers", unknown
	call.Close(at)
}

func reported(f *findings) string {
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
