package emulator_test

import (
	"fmt"
	"math"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/scenarios"
)

// Counts, and what is asked about one account, must not copy the rows of others: with 25
// times the rows of another account, an answer may allocate half as much again.
func TestAnswersAllocateForWhatTheyReturnOnly(t *testing.T) {
	few, many := besideMany(t, 40), besideMany(t, 1000)
	for _, path := range []string{
		"/_voxemu/health", "/_voxemu/metrics",
		"/_voxemu/registrations?account_id=2", "/_voxemu/users?account_id=2", "/_voxemu/callbacks?account_id=2",
		"/_voxemu/accounts/2/transactions", "/_voxemu/registrations/9000/history",
		"/platform_api/GetSipRegistrations?account_id=2&api_key=b&count=20", "/platform_api/GetUsers?account_id=2&api_key=b&application_id=9000",
		"/platform_api/GetApplications?account_id=2&api_key=b", "/platform_api/GetRules?account_id=2&api_key=b&application_id=9000",
		"/platform_api/GetTransactionHistory?account_id=2&api_key=b&from_date=2026-01-01%2000:00:00&to_date=2026-01-02%2000:00:00",
		"/platform_api/GetMoneyAmountToCharge?account_id=2&api_key=b", "/platform_api/GetAccountInfo?account_id=2&api_key=b",
	} {
		if a, b := few(path), many(path); b > a*1.5+20 {
			t.Errorf("%s: %.0f allocations with few rows of another account, %.0f with many", path, a, b)
		}
	}
}

// What names one row, or asks for the first or the last one, must not read the rest: with
// 100 times the rows and requests of the same account, an answer may allocate half as many
// bytes again.
func TestAnswersOfOneRowAllocateForOneRow(t *testing.T) {
	few, many := amongMany(t, 40), amongMany(t, 4000)
	for _, path := range []string{
		"/_voxemu/health", "/_voxemu/metrics", "/_voxemu/config",
		"/_voxemu/registrations?limit=1", "/_voxemu/registrations?limit=1&after=20", "/_voxemu/registrations?account_id=1&limit=1",
		"/_voxemu/registrations?account_id=1&limit=1&after=20", "/_voxemu/registrations?account_id=1&limit=1&state=failed",
		"/_voxemu/registrations?limit=1&state=failed", "/_voxemu/registrations?limit=1&state=offline", "/_voxemu/registrations?after=9223372036854775807&account_id=1",
		"/_voxemu/registrations/7/history",
		"/_voxemu/requests?last=1", "/_voxemu/requests?last=1&method=GetRoles", "/_voxemu/requests/7", "/_voxemu/requests/count",
		"/_voxemu/requests/count?method=GetUsers", "/_voxemu/requests/7/explain", "/_voxemu/requests?after=39&last=1",
		"/_voxemu/accounts", "/_voxemu/clock", "/_voxemu/faults", "/_voxemu/snapshots",
		"/platform_api/GetSipRegistrations?account_id=1&api_key=a&count=1", "/platform_api/GetSipRegistrations?account_id=1&api_key=a&count=1&offset=30",
		"/platform_api/GetAccountInfo?account_id=1&api_key=a",
	} {
		if a, b := few(path), many(path); b > a*1.5+4096 {
			t.Errorf("%s: %.0f bytes with few rows, %.0f with many", path, a, b)
		}
	}
}

// amongMany returns a function that measures the bytes that an answer allocates, on an
// emulator whose only account has a number of registrations and as many requests.
func amongMany(t *testing.T, rows int) func(path string) float64 {
	s := newServer(t, emulator.WithJournalSize(rows))
	var text strings.Builder
	text.WriteString("accounts: [{id: 1, name: a, api_key: a, balance: 100000}]\nregistrations:\n")
	for id := range rows {
		fmt.Fprintf(&text, "- {id: %d, sip_username: u%d, proxy: sip.example.com}\n", id+1, id)
	}
	if err := s.LoadSources(scenarios.Source{Name: "many", Text: []byte(text.String()), Large: true}); err != nil {
		t.Fatal(err)
	}
	get := func(path string) {
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, httptest.NewRequest("GET", "http://127.0.0.1"+path, nil))
		if w.Code != 200 || strings.HasPrefix(w.Body.String(), `{"error"`) {
			t.Fatalf("%s: %s", path, w.Body)
		}
	}
	for range rows {
		get("/platform_api/GetRoles?account_id=1&api_key=a")
	}
	return func(path string) float64 {
		get(path)
		// The least of some runs: what replaces a pool's buffer, or another goroutine
		// allocates meanwhile, is no part of the answer.
		least := math.Inf(1)
		for range 9 {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			get(path)
			runtime.ReadMemStats(&after)
			least = min(least, float64(after.TotalAlloc-before.TotalAlloc))
		}
		return least
	}
}

// besideMany returns a function that measures the allocations of an answer, on an emulator
// with an account of a number of rows of each kind and one with a single row of each.
func besideMany(t *testing.T, rows int) func(path string) float64 {
	s := newServer(t)
	text := strings.NewReplacer("ROWS", fmt.Sprint(rows)).Replace(`
accounts: [{id: 1, name: a, api_key: a, balance: 100000}, {id: 2, name: b, api_key: b, balance: 10}]
applications: [{id: 9000, account_id: 2, name: x}]
rules: [{id: 9000, account_id: 2, application_id: 9000, name: x}]
users: [{id: 9000, account_id: 2, application_id: 9000, name: x}]
registrations: [{id: 9000, account_id: 2, sip_username: x, proxy: sip.example.com}]
transactions: [{id: 9000, account_id: 2, type: card_payment, amount: 10}]
callbacks: [{id: 9000, account_id: 2, type: min_balance, state: delivered}]
`)
	var others strings.Builder
	for id := range rows {
		fmt.Fprintf(&others, "- {id: %d, account_id: 1, sip_username: u%d, proxy: sip.example.com}\n", id+1, id)
	}
	many := func(section, format string) string {
		var lines strings.Builder
		fmt.Fprintf(&lines, "%s:\n", section)
		for id := range rows {
			fmt.Fprintf(&lines, "- "+format+"\n", id+1)
		}
		return lines.String()
	}
	crowd := many("applications", "{id: %[1]d, account_id: 1, name: a%[1]d}") + many("rules", "{id: %[1]d, account_id: 1, application_id: 1, name: r%[1]d}") +
		many("users", "{id: %[1]d, account_id: 1, application_id: 1, name: u%[1]d}") + many("transactions", "{id: %[1]d, account_id: 1, type: card_payment, amount: 1}") +
		many("callbacks", "{id: %[1]d, account_id: 1, type: min_balance, state: delivered}") + "registrations:\n" + others.String()
	if err := s.LoadSources(scenarios.Source{Name: "one", Text: []byte(text)}, scenarios.Source{Name: "crowd", Text: []byte(crowd)}); err != nil {
		t.Fatal(err)
	}
	return func(path string) float64 {
		return testing.AllocsPerRun(5, func() {
			w := httptest.NewRecorder()
			s.Handler().ServeHTTP(w, httptest.NewRequest("GET", "http://127.0.0.1"+path, nil))
			if w.Code != 200 || strings.HasPrefix(w.Body.String(), `{"error"`) {
				t.Fatalf("%s: %s", path, w.Body)
			}
		})
	}
}
