package emulator

import (
	"net/http"
	"strconv"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/vox"
)

// callCounts counts calls by method and code. It is not a vector of Prometheus,
// so that nothing of Prometheus is made before somebody scrapes.
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

// metricsHandler serves the metrics from a registry of this server's own.
func (s *Server) metricsHandler() http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collector{s})
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
}

// The metrics. A new one is a line here and one in Collect.
var (
	callsMetric         = prometheus.NewDesc("voxemu_api_calls_total", "Calls of the API by method and error code; 0 is a success.", []string{"method", "code"}, nil)
	registrationsMetric = prometheus.NewDesc("voxemu_registrations", "SIP registrations by state.", []string{"state"}, nil)
	rowsMetric          = prometheus.NewDesc("voxemu_rows", "Rows by kind.", []string{"kind"}, nil)
	clockMetric         = prometheus.NewDesc("voxemu_clock_timestamp_seconds", "The emulator's time in unix seconds.", nil, nil)
)

// collector reads a server's metrics when they are asked for.
type collector struct{ *Server }

// Describe lists the metrics.
func (c collector) Describe(descriptions chan<- *prometheus.Desc) {
	prometheus.DescribeByCollect(c, descriptions)
}

// Collect reads the metrics.
func (c collector) Collect(metrics chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		metrics <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	now := c.clock.Now()
	gauge(clockMetric, float64(now.UnixMilli())/1000)
	states := map[vox.State]int{}
	_ = c.store.Read(now, func(tx *store.Tx) error { // the function returns no error
		for r := range tx.Registrations().All() {
			states[r.State]++
		}
		for _, k := range kinds() {
			gauge(rowsMetric, float64(k.size(tx)), k.name)
		}
		return nil
	})
	for _, state := range vox.States() {
		gauge(registrationsMetric, float64(states[state]), string(state))
	}
	c.calls.mu.Lock()
	defer c.calls.mu.Unlock()
	for kind, n := range c.calls.counts {
		metrics <- prometheus.MustNewConstMetric(callsMetric, prometheus.CounterValue, float64(n), kind.method, strconv.Itoa(kind.code))
	}
}
