package control

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/voxemu/voxemu/emulator/internal/lab"
	"github.com/voxemu/voxemu/emulator/vox"
)

// requestCounts counts requests to the API by method and error code.
type requestCounts struct {
	mu     sync.Mutex
	counts map[requestKind]int64
}

type requestKind struct {
	method string
	code   int
}

// Count counts a request to the API. method is the name as the client wrote it, code the
// reply's error code, 0 for success. Unknown methods are counted together, so that
// clients cannot create an unlimited number of series.
func (a *API) Count(method string, code int) {
	if _, ok := a.Contract.Method(method); !ok && !a.Contract.NotEmulated(method) {
		method = "unknown"
	}
	a.requests.mu.Lock()
	defer a.requests.mu.Unlock()
	if a.requests.counts == nil {
		a.requests.counts = map[requestKind]int64{}
	}
	a.requests.counts[requestKind{method, code}]++
}

// getMetrics writes the metrics in Prometheus's text format 0.0.4. It does not use
// Prometheus's module, which would be a tenth of the program and of its idle memory. A
// test checks the output with Prometheus's linter.
func (a *API) getMetrics(nothing) (textReply, error) {
	var text strings.Builder
	for _, m := range a.metrics() {
		text.WriteString(m.text())
	}
	return textReply{mediaType: "text/plain; version=0.0.4; charset=utf-8", text: []byte(text.String())}, nil
}

type metric struct {
	name, kind, help string
	samples          []sample
}

// sample is a value with its labels, written as {name="value",…} or empty. Values need no
// escaping: all are names from this program or the real service.
type sample struct {
	labels string
	value  float64
}

// metrics reads all metrics. A new one needs a line here and a function.
func (a *API) metrics() []metric {
	list := []metric{
		{"voxemu_api_calls_total", "counter", "Calls of the API by method and error code; 0 is a success.", a.requests.samples()},
		{"voxemu_clock_timestamp_seconds", "gauge", "The emulator's time in unix seconds.", []sample{{"", float64(a.Lab.Now().UnixMilli()) / 1000}}},
	}
	list = append(list,
		metric{"voxemu_registrations", "gauge", "SIP registrations by state.", registrationSamples(a.Lab.RegistrationCounts())},
		metric{"voxemu_rows", "gauge", "Rows by kind.", rowSamples(a.Lab.RowCounts())})
	list = append(list, a.saveMetrics()...)
	return append(list, processMetrics()...)
}

func (c *requestCounts) samples() []sample {
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
