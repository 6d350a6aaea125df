package evidence

import (
	"bytes"
	"os"
	"testing"
)

// FuzzARecording replays whatever can be read as a recording: a file that was changed or
// damaged gives an error or differences, never a panic.
func FuzzARecording(f *testing.F) {
	text, err := os.ReadFile(recordedAs(f, newService(f), nil, manners))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	lines := bytes.SplitAfter(text, []byte("\n"))
	for _, line := range lines[1 : len(lines)-2] { // each exchange alone
		alone := append(bytes.Clone(lines[0]), bytes.Replace(line, []byte(`{"n":`), []byte(`{"n":1,"n":`), 1)...)
		f.Add(append(alone, lines[len(lines)-2]...))
	}
	spec, err := specification()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := read(bytes.NewReader(text))
		if err != nil {
			return
		}
		settings, err := settingsOf(nil)
		if err != nil {
			t.Fatal(err)
		}
		report := Report{NotCompared: map[string]int{}}
		_ = compareOne(t.Context(), "fuzz", r, settings, spec, &report, &findings{byCause: map[string]*Difference{}, cited: citations()}) // what contradicts itself is refused
	})
}
