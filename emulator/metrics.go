package emulator

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/voxemu/voxemu/emulator/internal/lab"
	"github.com/voxemu/voxemu/emulator/vox"
)

// callCounts counts calls by method and code.
type callCounts struct {
	mu     sync.Mutex
	counts map[callKind]int64
}

type callKind struct {
	method string
	code   int
}

// count is told of every call. Names that no method has are counted together:
// whoever calls must not make series.
func (s *Server) count(method string, code int) {
	if _, ok := s.contract.Method(method); !ok && !s.contract.NotEmulated(method) {
		method = "unknown"
	}
	s.calls.mu.Lock()
	defer s.calls.mu.Unlock()
	if s.calls.counts == nil {
		s.calls.counts = map[callKind]int64{}
	}
	s.calls.counts[callKind{method, code}]++
}

// metricsHandler serves the metrics in Prometheus's text format 0.0.4. It is
// written here, and judged by Prometheus's own linter in a test, because that
// module is a tenth of the program and of its idle memory.
func (s *Server) metricsHandler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		for _, m := range s.metrics() {
			_, _ = io.WriteString(w, m.text()) // fails only when the caller is gone
		}
	})
}

// metric is one family of samples.
type metric struct {
	name, kind, help string
	samples          []sample
}

// sample is a value and its labels, written as {name="value",…} or empty. No
// value needs escapes: all are names that we or the real service gave.
type sample struct {
	labels string
	value  float64
}

// metrics reads all metrics. A new one is a line here and a function.
func (s *Server) metrics() []metric {
	list := []metric{
		{"voxemu_api_calls_total", "counter", "Calls of the API by method and error code; 0 is a success.", s.calls.samples()},
		{"voxemu_clock_timestamp_seconds", "gauge", "The emulator's time in unix seconds.", []sample{{"", float64(s.lab.Now().UnixMilli()) / 1000}}},
	}
	list = append(list,
		metric{"voxemu_registrations", "gauge", "SIP registrations by state.", registrationSamples(s.lab.RegistrationCounts())},
		metric{"voxemu_rows", "gauge", "Rows by kind.", rowSamples(s.lab.RowCounts())})
	return append(list, processMetrics()...)
}

func (c *callCounts) samples() []sample {
	c.mu.Lock()
	defer c.mu.Unlock()
	var list []sample
	for kind, n := range c.counts {
		list = append(list, sample{fmt.Sprintf(`{code="%d",method="%s"}`, kind.code, kind.method), float64(n)})
	}
	slices.SortFunc(list, func(a, b sample) int { return strings.Compare(a.labels, b.labels) })
	return list
}

func registrationSamples(states map[vox.State]int) []sample {
	var list []sample
	for _, state := range vox.States() {
		list = append(list, sample{fmt.Sprintf(`{state="%s"}`, state), float64(states[state])})
	}
	return list
}

func rowSamples(counts []lab.RowCount) []sample {
	var list []sample
	for _, count := range counts {
		list = append(list, sample{fmt.Sprintf(`{kind="%s"}`, count.Kind), float64(count.Rows)})
	}
	return list
}

func (m metric) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s %s\n", m.name, m.help, m.name, m.kind)
	for _, s := range m.samples {
		fmt.Fprintf(&b, "%s%s %s\n", m.name, s.labels, strconv.FormatFloat(s.value, 'g', -1, 64))
	}
	return b.String()
}
