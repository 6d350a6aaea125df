package testkit

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/voxemu/voxemu/emulator/evidence"
)

// Compare sends the requests of recordings (voxemu record) to a fresh emulator each, and
// fails with every difference between its replies and the recorded ones. Differences in
// the file .voxcompare.yaml of the test's folder are accepted; one that no recording shows
// fails too. files is a pattern such as testdata/*.jsonl; that it matches none, or that
// nothing of one could be compared, ends the test.
func Compare(t TB, files string, scenario ...string) {
	t.Helper()
	names, err := filepath.Glob(files)
	if err != nil || len(names) == 0 {
		t.Fatalf("testkit: no recording matches %s", files)
		return
	}
	accepted, err := acceptedDifferences()
	if err != nil {
		t.Fatalf("testkit: %v", err)
		return
	}
	report, err := evidence.Compare(context.Background(), names, evidence.Options{Scenario: scenario, Accepted: accepted})
	if err != nil {
		t.Fatalf("testkit: %v", err)
		return
	}
	for _, warning := range report.Warnings {
		t.Logf("testkit: %s", warning)
	}
	for _, d := range report.Differences {
		if d.Accepted == "" {
			t.Errorf("testkit: %s (%s)", d, d.Exchanges[0])
		}
	}
	for _, a := range report.Unused {
		t.Errorf("testkit: %s: %s %s %s is accepted, but no recording shows it", evidence.AcceptedFile, a.Kind, a.Method, a.Path)
	}
	if len(report.Nothing) > 0 {
		t.Fatalf("testkit: nothing in %s could be compared", strings.Join(report.Nothing, ", "))
	}
}

// acceptedDifferences reads the file of the test's folder, which need not exist.
func acceptedDifferences() ([]evidence.Accepted, error) {
	accepted, err := evidence.ReadAccepted(evidence.AcceptedFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return accepted, err
}
