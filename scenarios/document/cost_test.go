package document_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/voxemu/voxemu/scenarios/document"
)

// costly are texts of about n bytes that cost a parser much for each byte.
func costly(n int) map[string]string {
	repeat := func(text string) string { return strings.Repeat(text, n/len(text)) }
	return map[string]string{
		"empty maps":         "registrations: [" + repeat("{},") + "]",
		"empty rows":         "registrations:\n" + repeat("- \n"),
		"commas":             "registrations: [" + repeat("a,") + "]",
		"repeated members":   repeat("a:\n"),
		"question marks":     repeat("? "),
		"documents":          repeat("---\n"),
		"levels":             repeat("["),
		"anchors":            "a: " + repeat("&a "),
		"quotes":             "a: '" + repeat("''") + "'",
		"comments":           repeat("#\n"),
		"tabs":               repeat("\t"),
		"JSON":               `{"registrations": [` + repeat("{},") + "{}]}",
		"unclosed":           "a: \"" + repeat("b\n"),
		"long lines folded":  "a: >\n" + repeat("  b\n"),
		"mistakes in a line": "accounts: [" + repeat("{x: 1},") + "]",
	}
}

// maxCost is the number of bytes that are allocated at most for each byte of a text.
const maxCost = 1000

func TestReadingCostsInProportion(t *testing.T) {
	const size = 64 << 10
	double := costly(2 * size)
	for name, text := range costly(size) {
		once, twice := cost(text), cost(double[name])
		if once > maxCost*size || float64(twice) > 2.5*float64(once)+1<<20 {
			t.Errorf("%s: %d bytes for each byte; twice the text allocates %.1f times as much", name, once/size, float64(twice)/float64(once))
		}
	}
}

func FuzzReadingCostsInProportion(f *testing.F) {
	for _, text := range costly(64) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if repeated := strings.Repeat(text, 1+4096/max(len(text), 1)); cost(repeated) > maxCost*uint64(len(repeated))+1<<20 {
			t.Fatalf("%d bytes are allocated for %d", cost(repeated), len(repeated))
		}
	})
}

// cost returns the number of bytes that are allocated while a text is read.
func cost(text string) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var into struct {
		Accounts      []struct{ ID int64 } `yaml:"accounts"`
		Registrations []struct{ ID int64 } `yaml:"registrations"`
	}
	_ = document.Read(document.Source{Name: "f", Text: []byte(text)}, &into) // most are refused
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestFilesOfManyRowsAreReadAndThoseOfMoreValuesAreNot(t *testing.T) {
	type rows struct {
		Rows []struct {
			ID   int64  `yaml:"id"`
			Name string `yaml:"name"`
		} `yaml:"rows"`
	}
	text := "rows:\n" + strings.Repeat("- {id: 1, name: a}\n", 400_000)
	var into rows
	if err := document.Read(document.Source{Text: []byte(text)}, &into); err != nil || len(into.Rows) != 400_000 {
		t.Errorf("%d rows, %v", len(into.Rows), err)
	}
	err := document.Read(document.Source{Text: []byte("rows: [" + strings.Repeat(",", 5<<20))}, &into)
	if want := fmt.Sprint("has more than ", 4<<20, " commas, colons and lines"); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestReadingEndsWhenItsSenderHasGone(t *testing.T) {
	gone := make(chan struct{})
	close(gone)
	for _, text := range []string{"a: 1", "{\"a\": 1", "{\"a\": [1, 2]}", strings.Repeat("a:\n", 1<<20)} {
		var into struct{}
		err := document.Read(document.Source{Name: "f", Text: []byte(text), Interrupt: gone}, &into)
		if err == nil || err.Error() != "f: was not read: its sender has gone" {
			t.Errorf("%.10q: %v", text, err)
		}
	}
}
