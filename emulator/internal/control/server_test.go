package control_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/apidocs"
	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// list is a request to the API of the demo.
const list = "/platform_api/GetSipRegistrations?account_id=1&api_key=demo-key"

// newServer returns a strict server with the demo and a stopped clock.
func newServer(t testing.TB, opts ...emulator.Option) *emulator.Server {
	t.Helper()
	always := []emulator.Option{emulator.WithStrict(), emulator.WithAPIDocs(apidocs.Script()), emulator.WithClock(clock.Stopped(time.Date(2026, 1, 31, 10, 0, 0, 0, time.UTC)))}
	s, err := emulator.New(append(always, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// listening returns a server with open ports.
func listening(t *testing.T, opts ...emulator.Option) *emulator.Server {
	t.Helper()
	s := newServer(t, append(opts, emulator.WithListen("127.0.0.1:0", ""))...)
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close(t.Context()) })
	return s
}

// must sends "VERB /path", a request that must succeed, and returns the body of the
// reply.
func must(t *testing.T, s *emulator.Server, target, body string) string {
	t.Helper()
	reply := request(s.Handler(), target, body)
	if reply.Code != http.StatusOK {
		t.Fatalf("%s %s: %d %s", target, body, reply.Code, reply.Body)
	}
	return reply.Body.String()
}

// called sends a GET request to the API and returns the body of the reply.
func called(t *testing.T, s *emulator.Server, target string) string {
	t.Helper()
	return must(t, s, "GET "+target, "")
}

// listOf returns the path of a request to the API for an account's registrations.
func listOf(account vox.CreatedAccount) string {
	return "/platform_api/GetSipRegistrations?account_name=" + account.Name + "&api_key=" + account.APIKey
}

func add(t *testing.T, s *emulator.Server, account vox.Account) {
	t.Helper()
	if _, err := s.Add(scenarios.Scenario{Accounts: []vox.Account{account}}); err != nil {
		t.Fatal(err)
	}
}

func put(t *testing.T, s *emulator.Server, rule fault.Rule) {
	t.Helper()
	if err := s.Faults().Put(rule); err != nil {
		t.Fatal(err)
	}
}
