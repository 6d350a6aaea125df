package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/scenarios"
)

// savedState returns a saved state and what it loads to.
func savedState(t testing.TB) (text []byte, want string) {
	t.Helper()
	server, err := emulator.New(emulator.WithScenario("demo"))
	if err != nil {
		t.Fatal(err)
	}
	file := stateFile{path: filepath.Join(t.TempDir(), "kept.yaml")}
	if _, err := file.write(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), server.Save); err != nil {
		t.Fatal(err)
	}
	if text, err = os.ReadFile(file.path); err != nil {
		t.Fatal(err)
	}
	return text, loaded(text)
}

// loaded returns what a state loads to; empty if it is refused.
func loaded(text []byte) string {
	if isDamaged(text) {
		return ""
	}
	scenario, err := scenarios.Read(scenarios.Source{Name: "state", Text: text, Large: true})
	if err != nil {
		return ""
	}
	state, err := scenario.YAML()
	if err != nil {
		return ""
	}
	return string(state)
}

func TestADamagedStateIsRefusedOrLoadsWhatWasSaved(t *testing.T) {
	saved, want := savedState(t)
	if want == "" {
		t.Fatal("the saved state is refused")
	}
	for size := range saved {
		if got := loaded(saved[:size]); got != "" {
			t.Errorf("the first %d bytes are loaded", size)
		}
	}
	first := bytes.IndexByte(saved, '\n') + 1
	for bit := range len(saved) * 8 {
		damaged := bytes.Clone(saved)
		damaged[bit/8] ^= 1 << (bit % 8)
		if bit/8 >= first && isDamaged(damaged) {
			continue // most bits; reading the rest takes long
		}
		if got := loaded(damaged); got != "" && got != want {
			t.Errorf("with bit %d of byte %d (%q) changed, another state is loaded", bit%8, bit/8, saved[bit/8])
		}
	}
}

func FuzzStateFile(f *testing.F) {
	saved, _ := savedState(f)
	first, rest, _ := bytes.Cut(saved, []byte("\n"))
	f.Add(first, rest)
	f.Add([]byte(stateTitle), []byte("accounts: []"))
	f.Fuzz(func(t *testing.T, first, rest []byte) {
		if bytes.HasPrefix(first, []byte(stateTitle)) && bytes.Contains(rest, []byte("\n")) {
			valid := isDamaged(append(append(bytes.Clone(first), '\n'), rest...))
			cut := isDamaged(append(append(bytes.Clone(first), '\n'), rest[:len(rest)-1]...))
			if !valid && !cut {
				t.Fatalf("two contents fit the line %q", first)
			}
		}
	})
}

// The text of a large state is not held as a whole while it is saved.
func TestSavingALargeStateTakesLittleMemory(t *testing.T) {
	const scripts, size = 200, 128 << 10
	server, err := emulator.New(emulator.WithScenario("demo"))
	if err != nil {
		t.Fatal(err)
	}
	state, err := server.State()
	if err != nil {
		t.Fatal(err)
	}
	source := state
	for i := range scripts {
		script := state.VoxEngineScenarios[0]
		script.ID, script.Name = int64(1000+i), script.Name+string(rune('a'+i%26))+string(rune('a'+i/26))
		script.Script = string(bytes.Repeat([]byte("x"), size))
		source.VoxEngineScenarios = append(source.VoxEngineScenarios, script)
	}
	var most int
	if err := source.WriteYAML(writerFunc(func(p []byte) (int, error) {
		most = max(most, len(p))
		return len(p), nil
	})); err != nil {
		t.Fatal(err)
	}
	if limit := scripts * size / 10; most == 0 || most > limit {
		t.Errorf("a part has %d bytes, want at most %d", most, limit)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
