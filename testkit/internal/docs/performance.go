package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
)

// questions are the benchmarks of BenchmarkSelect and their descriptions.
var questions = []struct{ name, says string }{
	{"none", "no filter"},
	{"none-deep", "no filter, the last page"},
	{"selective", "one application"},
	{"one", "a user name that one row has"},
	{"unselective", "successful"},
	{"unselective-deep", "successful, offset 80 %"},
	{"two", "a proxy, not successful"},
	{"two-wide", "persistent, successful"},
	{"two-wide-deep", "persistent, successful, offset 80 %"},
	{"five", "three flags, a proxy, 401;403:408"},
	{"five-deep", "the same, offset beyond 70 % of the answer"},
	{"lists", "three applications, 401;403:408"},
	{"disjoint", "status 200, not successful: no row"},
}

var sizes = []int{1_000, 100_000, 1_000_000}

// measurements are the medians of the output of go test -bench, by benchmark and unit.
type measurements map[string]map[string]float64

// readMeasurements returns an error if the file lacks a figure that the page uses.
func readMeasurements(name string) (measurements, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	runs := map[string]map[string][]float64{}
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) < 4 || !strings.HasPrefix(line, "Benchmark") {
			continue
		}
		benchmark := strings.TrimPrefix(fields[0], "Benchmark")
		if i := strings.LastIndexByte(benchmark, '-'); i > 0 && strings.Trim(benchmark[i+1:], "0123456789") == "" {
			benchmark = benchmark[:i] // removes the number of processors
		}
		if runs[benchmark] == nil {
			runs[benchmark] = map[string][]float64{}
		}
		for i := 2; i+1 < len(fields); i += 2 {
			figure, err := strconv.ParseFloat(fields[i], 64)
			if err != nil {
				return nil, fmt.Errorf("%s: %s: %w", name, line, err)
			}
			runs[benchmark][fields[i+1]] = append(runs[benchmark][fields[i+1]], figure)
		}
	}
	m := measurements{}
	for benchmark, units := range runs {
		m[benchmark] = map[string]float64{}
		for unit, figures := range units {
			slices.Sort(figures)
			m[benchmark][unit] = figures[len(figures)/2]
		}
	}
	return m, m.complete(name)
}

// complete returns an error that lists the figures missing in the file.
func (m measurements) complete(name string) error {
	shown := map[string]string{"Floor": "ns/op", "Writers": "ns/op", "ReadersBesideAWriter": "ns/op", "Memory/accounts=10000": "B/row"}
	for _, n := range sizes {
		for _, q := range questions {
			shown[fmt.Sprintf("Select/rows=%d/%s", n, q.name)] = "ns/op"
		}
		for _, w := range writes {
			shown[fmt.Sprintf(w.benchmark, n)] = w.unit
		}
	}
	var missing []error
	for benchmark, unit := range shown {
		if _, ok := m[benchmark][unit]; !ok {
			missing = append(missing, fmt.Errorf("%s has no %s of %s; run make bench", name, unit, benchmark))
		}
	}
	return errors.Join(missing...)
}

// micros returns the time of a query in microseconds.
func (m measurements) micros(question string, rows int) float64 {
	return m[fmt.Sprintf("Select/rows=%d/%s", rows, question)]["ns/op"] / 1000
}

func (m measurements) queryTable() string {
	out := "| question | 1,000 rows | 100,000 | 1,000,000 | last : first |\n| --- | ---: | ---: | ---: | ---: |\n"
	for _, q := range questions {
		out += fmt.Sprintf("| %s: %s |", q.name, q.says)
		for _, n := range sizes {
			out += fmt.Sprintf(" %.1f |", m.micros(q.name, n))
		}
		out += fmt.Sprintf(" %.1f |\n", m.micros(q.name, 1_000_000)/m.micros(q.name, 1_000))
	}
	return out
}

var writes = []struct {
	says, benchmark, unit string
	scale                 float64
}{
	{"insert, one per transaction, µs", "Write/rows=%d/insert", "ns/op", 1000},
	{"insert, 50 per transaction, µs per row", "Write/rows=%d/batch", "ns/row", 1000},
	{"update that rebinds, µs", "Write/rows=%d/rebind", "ns/op", 1000},
	{"delete and insert again, µs", "Write/rows=%d/reinsert", "ns/op", 1000},
	{"memory of a row with its indexes, bytes", "Memory/rows=%d", "B/row", 1},
}

func (m measurements) writeTable() string {
	out := "| | 1,000 rows | 100,000 | 1,000,000 |\n| --- | ---: | ---: | ---: |\n"
	for _, w := range writes {
		out += "| " + w.says + " |"
		for _, n := range sizes {
			out += fmt.Sprintf(" %.0f |", m[fmt.Sprintf(w.benchmark, n)][w.unit]/w.scale)
		}
		out += "\n"
	}
	return out
}

func (m measurements) otherTable() string {
	return "| at 100,000 rows | |\n| --- | ---: |\n" +
		fmt.Sprintf("| insert into a bare memdb table without other indexes, one per transaction, µs | %.1f |\n", m["Floor"]["ns/op"]/1000) +
		fmt.Sprintf("| insert, eight writers at once that share commits, µs per row | %.0f |\n", m["Writers"]["ns/op"]/1000) +
		fmt.Sprintf("| the question two, beside a writer that never pauses, µs | %.0f |\n", m["ReadersBesideAWriter"]["ns/op"]/1000) +
		fmt.Sprintf("| memory of a row when 10,000 accounts have ten each, bytes | %.0f |\n", m["Memory/accounts=10000"]["B/row"])
}

// plot draws a line for each query with a dot for each number of rows, on a logarithmic
// scale of microseconds.
func (m measurements) plot() string {
	const left, right, line = 190, 640, 24
	x := func(micros float64) float64 { return left + math.Log10(max(micros, 1))*(right-left)/3 }
	bottom := 40 + line*len(questions)
	colours := []string{"#9ecae1", "#4292c6", "#08306b"}
	var out strings.Builder
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="700" height="%d" font-family="sans-serif" font-size="12">`+"\n", bottom+60)
	fmt.Fprintf(&out, `<rect width="700" height="%d" fill="white"/>`+"\n", bottom+60)
	for _, micros := range []float64{1, 10, 100, 1000} {
		fmt.Fprintf(&out, `<line x1="%.0f" x2="%.0f" y1="30" y2="%d" stroke="#ddd"/>`+"\n", x(micros), x(micros), bottom)
		fmt.Fprintf(&out, `<text x="%.0f" y="20" text-anchor="middle">%.0f µs</text>`+"\n", x(micros), micros)
	}
	for i, q := range questions {
		y := 50 + i*line
		fmt.Fprintf(&out, `<text x="%d" y="%d" text-anchor="end">%s</text>`+"\n", left-12, y+4, q.name)
		for k, n := range sizes {
			micros := m.micros(q.name, n)
			fmt.Fprintf(&out, `<circle cx="%.1f" cy="%d" r="5" fill="%s"><title>%s, %d rows: %.1f µs</title></circle>`+"\n", x(micros), y, colours[k], q.name, n, micros)
		}
	}
	for k, label := range []string{"1,000 rows", "100,000 rows", "1,000,000 rows"} {
		fmt.Fprintf(&out, `<circle cx="%d" cy="%d" r="5" fill="%s"/>`+"\n", left+150*k, bottom+30, colours[k])
		fmt.Fprintf(&out, `<text x="%d" y="%d">%s</text>`+"\n", left+150*k+10, bottom+34, label)
	}
	out.WriteString("</svg>\n")
	return out.String()
}
