package control_test

import (
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
)

func TestMetricsCountCallsOfThisServerOnly(t *testing.T) {
	s, other := newServer(t), newServer(t)
	for range 3 {
		called(t, s, list)
	}
	called(t, s, "/platform_api/Invented?x=1")
	called(t, s, "/platform_api/Invented2")
	called(t, other, list)
	text := must(t, s, "GET /_voxemu/metrics", "")
	for _, want := range []string{
		`voxemu_api_calls_total{code="0",method="GetSipRegistrations"} 3`,
		`voxemu_api_calls_total{code="103",method="unknown"} 2`,
		`voxemu_registrations{state="failed"} 1`,
		`voxemu_rows{kind="registrations"} 4`,
		"# TYPE go_goroutines gauge", "# TYPE process_open_fds gauge", "# TYPE process_resident_memory_bytes gauge",
		"# TYPE voxemu_clock_timestamp_seconds gauge",
	} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("lacks %s:\n%s", want, text)
		}
	}
}

func TestPrometheusAcceptsTheMetrics(t *testing.T) {
	s := newServer(t)
	for _, calls := range []string{"none yet", "some"} {
		text := must(t, s, "GET /_voxemu/metrics", "")
		problems, err := promlint.New(strings.NewReader(text)).Lint()
		if err != nil || len(problems) > 0 {
			t.Errorf("calls: %s: %v %v\n%s", calls, problems, err, text)
		}
		called(t, s, list)
	}
}
