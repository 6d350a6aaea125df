//go:build unix

package emulator

import (
	"github.com/voxemu/voxemu/emulator/internal/origin"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/scenarios"
)

// rich has enough money for all registrations of a benchmark.
const rich = "accounts: [{id: 1, name: demo, api_key: demo-key, balance: 100000000.00}]\n"

// BenchmarkJournalAndFaults compares requests to a server with journal and fault engine,
// without rules, with requests to one without either. The metric "overhead-%" is the loss
// of throughput, which may be 10. The servers take turns, so that other load affects
// both.
func BenchmarkJournalAndFaults(b *testing.B) {
	for method, form := range map[string]string{
		"GetSipRegistrations":   "account_id=1&api_key=demo-key",
		"CreateSipRegistration": "account_id=1&api_key=demo-key&sip_username=alice&proxy=sip.example.com",
	} {
		b.Run(method, func(b *testing.B) {
			full, bare := overheadServer(b, journal.DefaultSize), overheadServer(b, 0)
			connectWithoutFaults(b, bare)
			fullTime, bareTime, calls := time.Duration(0), time.Duration(0), 0
			for b.Loop() {
				fullTime += callsTake(b, full, method, form)
				bareTime += callsTake(b, bare, method, form)
				calls += callsPerTurn
			}
			b.ReportMetric(float64(fullTime.Nanoseconds())/float64(calls), "ns/full-call")
			b.ReportMetric(float64(bareTime.Nanoseconds())/float64(calls), "ns/bare-call")
			b.ReportMetric(100*(1-float64(bareTime)/float64(fullTime)), "overhead-%")
		})
	}
}

func overheadServer(b *testing.B, journalSize int) *Server {
	b.Helper()
	s, err := New(WithScenario("empty"), WithJournalSize(journalSize))
	if err != nil {
		b.Fatal(err)
	}
	if err := s.LoadSources(scenarios.Source{Name: "rich", Text: []byte(rich)}); err != nil {
		b.Fatal(err)
	}
	return s
}

// connectWithoutFaults replaces the server's API by one without a fault engine.
func connectWithoutFaults(b *testing.B, s *Server) {
	b.Helper()
	table, err := methods()
	if err != nil {
		b.Fatal(err)
	}
	engine := s.faults
	s.faults = nil
	s.connect(table, origin.Allowed{})
	s.faults = engine
}

const callsPerTurn = 2000

// callsTake returns the time for one turn of requests on an empty list.
func callsTake(b *testing.B, s *Server, method, form string) time.Duration {
	b.Helper()
	if err := s.Reset(); err != nil {
		b.Fatal(err)
	}
	began := cpuTime(b)
	for range callsPerTurn {
		r := httptest.NewRequest("POST", "/platform_api/"+method, strings.NewReader(form))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		if w.Code != http.StatusOK || strings.HasPrefix(w.Body.String(), `{"error"`) {
			b.Fatal(w.Body)
		}
	}
	return cpuTime(b) - began
}

// cpuTime returns the CPU time of the process, including garbage collection. Unlike real
// time it does not depend on other load of the machine.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
