package emulator_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"github.com/voxemu/voxemu/emulator"
)

// The files are those of 2026-11-27, before the emulator followed the documentation
// of 2026-09: built-in ones, one with every section, and what an emulator of that day
// exported.
const oldScenarios = "testdata/old_scenarios"

func TestOldScenarioFilesLoad(t *testing.T) {
	files, err := filepath.Glob(oldScenarios + "/*.yaml")
	if err != nil || len(files) < 7 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		s, err := emulator.New(emulator.WithScenario(file))
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		if frozen := strings.Contains(string(text), "frozen: true}"); s.IsClockStopped() != frozen { // the old name of clock.stopped
			t.Errorf("%s: the clock is stopped: %v", file, s.IsClockStopped())
		}
	}
}

func TestAnOldExportIsReadAsItWasWritten(t *testing.T) {
	text, err := os.ReadFile(oldScenarios + "/exported.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s := newServer(t)
	if err := s.Import(text); err != nil {
		t.Fatal(err)
	}
	var written, kept map[string]any
	for _, part := range []struct {
		text []byte
		into *map[string]any
	}{{text, &written}, {[]byte(state(t, s, "?secrets=true")), &kept}} {
		if err := yaml.Load(part.text, part.into); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(written, kept); diff != "" {
		t.Errorf("(-written +kept):\n%s", diff)
	}
}
