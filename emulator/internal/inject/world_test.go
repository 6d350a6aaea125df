package inject_test

import (
	"context"
	"net/http"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/internal/inject"
	"github.com/voxemu/voxemu/emulator/internal/scheduler"
)

var start = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

// known are the names that the rules in these tests may use.
var known = fault.Known{
	Parameters: map[string][]string{
		"CreateSipRegistration": {"account_id", "api_key", "proxy", "sip_username"},
		"GetSipRegistrations":   {"account_id", "api_key", "count"},
	},
	Errors: map[string]int{"INSUFFICIENT_MONEY": 127, "RATE_LIMIT_EXCEED": 340, "INVALID": 496},
}

func stopped(t testing.TB) *scheduler.Clock {
	t.Helper()
	c, err := scheduler.New(clock.Stopped(start))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// engine returns an engine with armed rules and a stopped clock.
func engine(t testing.TB, seed int64, rules ...fault.Rule) (*inject.Engine, *scheduler.Clock) {
	t.Helper()
	at := stopped(t)
	e := inject.New(seed, at.Now, known)
	if err := e.Replace(rules...); err != nil {
		t.Fatal(err)
	}
	return e, at
}

var create = inject.Call{
	Method: "CreateSipRegistration", Account: 1, Key: "owner-key", Encoding: "query",
	Parameters: url.Values{"proxy": {"sip.example.com"}, "sip_username": {"a", "b"}},
	Header:     http.Header{"User-Agent": {"test/1.0"}},
}

func claim(e *inject.Engine, call inject.Call) *inject.Claim {
	return e.Claim(func() inject.Call { return call })
}

// fired returns the numbers of the requests to which a rule was applied.
func fired(e *inject.Engine, calls int, call inject.Call) []int {
	var numbers []int
	for n := range calls {
		if claim(e, call) != nil {
			numbers = append(numbers, n+1)
		}
	}
	return numbers
}

// genuine is the real reply in these tests.
const genuine = `{"result":1,"sip_registration_id":42}`

// service is an API whose only method counts how often it is processed.
type service struct {
	engine *inject.Engine
	sleep  func(context.Context, time.Duration) error
	body   []byte
	done   atomic.Int64
	left   chan struct{} // receives a value for each request that has ended
}

func newService(t testing.TB, e *inject.Engine) *service {
	at := stopped(t)
	return &service{engine: e, sleep: at.Sleep, body: []byte(genuine), left: make(chan struct{}, 100)}
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer func() { s.left <- struct{}{} }()
	work := func() inject.Reply {
		s.done.Add(1)
		return inject.Reply{Status: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: s.body}
	}
	taken := s.engine.Claim(func() inject.Call { return create })
	if taken == nil {
		_ = work().Send(w)
		return
	}
	err := taken.Act(&inject.Exchange{
		Writer: w, Request: r, Work: work, Sleep: s.sleep, Sending: func(inject.Reply) {},
		APIError: func(name, field string) inject.Reply {
			return inject.Reply{Status: 200, Header: http.Header{}, Body: []byte(`{"error":"` + name + " " + field + `"}`)}
		},
	})
	if err != nil {
		panic(err)
	}
}
