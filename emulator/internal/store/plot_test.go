package store_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// plot draws a line for each question with a dot for each number of rows, on a
// logarithmic scale of microseconds.
func (m measurements) plot(t *testing.T) string {
	t.Helper()
	const left, right, line = 190, 640, 24
	x := func(micros float64) float64 { return left + math.Log10(max(micros, 1))*(right-left)/3 }
	questions := benchmarked(1_000)
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
			micros := m.selected(t, q.name, n)
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
