package store_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the page of measurements")

const docs = "../../../docs/"

// measurements are a benchmark's figures: name, unit, one figure per run.
type measurements map[string]map[string][]float64

// parse reads what go test -bench prints.
func parse(t *testing.T, text string) measurements {
	t.Helper()
	m := measurements{}
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) < 4 || !strings.HasPrefix(line, "Benchmark") {
			continue
		}
		name := strings.TrimPrefix(fields[0], "Benchmark")
		if i := strings.LastIndexByte(name, '-'); i > 0 && strings.Trim(name[i+1:], "0123456789") == "" {
			name = name[:i] // the number of processors
		}
		if m[name] == nil {
			m[name] = map[string][]float64{}
		}
		for i := 2; i+1 < len(fields); i += 2 {
			figure, err := strconv.ParseFloat(fields[i], 64)
			if err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			m[name][fields[i+1]] = append(m[name][fields[i+1]], figure)
		}
	}
	return m
}

// median of a benchmark's figures; what was not measured has none.
func (m measurements) median(t *testing.T, name, unit string) float64 {
	t.Helper()
	figures := slices.Sorted(slices.Values(m[name][unit]))
	if len(figures) == 0 {
		t.Fatalf("performance.txt has no %s of %s; run make bench", unit, name)
	}
	return figures[len(figures)/2]
}

func (m measurements) selected(t *testing.T, question string, rows int) float64 {
	t.Helper()
	return m.median(t, fmt.Sprintf("Select/rows=%d/%s", rows, question), "ns/op") / 1000
}

func (m measurements) queryTable(t *testing.T) string {
	var out strings.Builder
	out.WriteString("| question | 1,000 rows | 100,000 | 1,000,000 | last : first |\n| --- | ---: | ---: | ---: | ---: |\n")
	for _, q := range benchmarked(1_000) {
		fmt.Fprintf(&out, "| %s: %s |", q.name, q.says)
		for _, n := range sizes {
			fmt.Fprintf(&out, " %.1f |", m.selected(t, q.name, n))
		}
		fmt.Fprintf(&out, " %.1f |\n", m.selected(t, q.name, 1_000_000)/m.selected(t, q.name, 1_000))
	}
	return out.String()
}

func (m measurements) writeTable(t *testing.T) string {
	var out strings.Builder
	out.WriteString("| | 1,000 rows | 100,000 | 1,000,000 |\n| --- | ---: | ---: | ---: |\n")
	row := func(what, unit, format string, scale float64, name func(rows int) string) {
		out.WriteString("| " + what + " |")
		for _, n := range sizes {
			fmt.Fprintf(&out, " "+format+" |", m.median(t, name(n), unit)/scale)
		}
		out.WriteString("\n")
	}
	write := func(name string) func(int) string {
		return func(rows int) string { return fmt.Sprintf("Write/rows=%d/%s", rows, name) }
	}
	row("insert, one per transaction, µs", "ns/op", "%.0f", 1000, write("insert"))
	row("insert, 50 per transaction, µs per row", "ns/row", "%.0f", 1000, write("batch"))
	row("update that rebinds, µs", "ns/op", "%.0f", 1000, write("rebind"))
	row("delete and insert again, µs", "ns/op", "%.0f", 1000, write("reinsert"))
	row("memory of a row with its indexes, bytes", "B/row", "%.0f", 1, func(rows int) string { return fmt.Sprintf("Memory/rows=%d", rows) })
	return out.String()
}

func (m measurements) otherTable(t *testing.T) string {
	return "| at 100,000 rows | |\n| --- | ---: |\n" +
		fmt.Sprintf("| insert into a bare memdb table without other indexes, one per transaction, µs | %.1f |\n", m.median(t, "Floor", "ns/op")/1000) +
		fmt.Sprintf("| insert, eight writers at once that share commits, µs per row | %.0f |\n", m.median(t, "Writers", "ns/op")/1000) +
		fmt.Sprintf("| the question two, beside a writer that never pauses, µs | %.0f |\n", m.median(t, "ReadersBesideAWriter", "ns/op")/1000) +
		fmt.Sprintf("| memory of a row when 10,000 accounts have ten each, bytes | %.0f |\n", m.median(t, "Memory/accounts=10000", "B/row"))
}

// The page and its plot repeat the figures of performance.txt.
func TestThePageOfMeasurementsRepeatsTheMeasurements(t *testing.T) {
	m := parse(t, doc(t, "performance.txt"))
	page := doc(t, "performance.md")
	wanted := page
	for name, table := range map[string]string{"queries": m.queryTable(t), "writes": m.writeTable(t), "others": m.otherTable(t)} {
		before, rest, ok := strings.Cut(wanted, "<!-- "+name+" -->\n")
		_, after, ok2 := strings.Cut(rest, "<!-- end -->")
		if !ok || !ok2 {
			t.Fatalf("performance.md lacks the part %s", name)
		}
		wanted = before + "<!-- " + name + " -->\n" + table + "<!-- end -->" + after
	}
	same(t, "performance.md", page, wanted)
	plot, _ := os.ReadFile(docs + "performance.svg")
	same(t, "performance.svg", string(plot), m.plot(t))
}

func doc(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(docs + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func same(t *testing.T, name, is, should string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(docs+name, []byte(should), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(is, should); diff != "" {
		t.Errorf("docs/%s (-is +should be); rewrite it with make bench:\n%s", name, diff)
	}
}
