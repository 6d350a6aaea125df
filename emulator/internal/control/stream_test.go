package control_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/internal/control/described"
	"github.com/voxemu/voxemu/emulator/vox"
)

type event struct {
	kind string
	data map[string]any
}

// stream reads events of the control API; next returns the next one.
func stream(t *testing.T, s *emulator.Server, query string) (next func() event) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), "GET", s.ControlURL()+"/_voxemu/events"+query, nil)
	if err != nil {
		t.Fatal(err)
	}
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = reply.Body.Close() })
	lines := bufio.NewScanner(reply.Body)
	lines.Buffer(nil, 1<<20)
	return func() (e event) {
		t.Helper()
		for lines.Scan() {
			name, value, _ := strings.Cut(lines.Text(), ": ")
			switch name {
			case "event":
				e.kind = value
			case "data":
				if err := json.Unmarshal([]byte(value), &e.data); err != nil {
					t.Fatal(err)
				}
				return e
			}
		}
		t.Fatalf("the stream ended: %v", lines.Err())
		return e
	}
}

// inShort returns the parts that the tests compare.
func (e event) inShort() string {
	short := e.kind
	for _, name := range []string{"change", "method", "callback_type", "mode", "lost"} {
		if value, ok := e.data[name]; ok {
			short += fmt.Sprint(" ", value)
		}
	}
	for name, members := range map[string][]string{"registration": {"id", "state"}, "user": {"user_id", "logged_in"}, "account": {"account_id", "balance"}} {
		if row, ok := e.data[name].(map[string]any); ok {
			for _, member := range members {
				short += fmt.Sprint(" ", row[member])
			}
		}
	}
	return short
}

func TestEventsReportCallsStateCallbacksAndClockInTheirOrder(t *testing.T) {
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "{}") }))
	defer receiver.Close()
	s := listening(t)
	add(t, s, vox.Account{ID: 1, Name: "demo", APIKey: "demo-key", Balance: vox.MustParseMoney("100"), CallbackURL: receiver.URL})
	next := stream(t, s, "")
	j := described.New(t, "openapi.yaml")
	expect := func(want ...string) {
		t.Helper()
		for _, w := range want {
			e := next()
			if got := e.inShort(); got != w {
				t.Errorf("event %q, want %q", got, w)
			}
			schema := map[string]string{"call": "Request", "callback": "Request", "clock": "ClockChange", "account": "Change", "user": "Change", "registration": "Change"}[e.kind]
			if text, err := json.Marshal(e.data); err == nil && schema != "" {
				j.Fits(t, w, text, j.Doc.Components.Schemas[schema])
			}
		}
	}
	do := func(target, body string) { must(t, s, target, body) }

	called(t, s, createSlowly)
	expect("account changed 1 99", "registration created 5 in_progress", "call CreateSipRegistration")
	do("POST /_voxemu/clock/advance", `{"duration":"5s"}`)
	expect("registration changed 5 successful", "clock advanced stopped")
	do("POST /_voxemu/registrations/5/answer", `{"status_code":403}`)
	expect("registration changed 5 failed", "callback sip_registration_fail")
	do("POST /_voxemu/users/123/login", "")
	expect("user changed 123 true")
	called(t, s, "/platform_api/DeleteSipRegistration?account_id=1&api_key=demo-key&sip_registration_id=5")
	expect("account changed 1 99", "registration deleted 5 failed", "call DeleteSipRegistration")
	do("POST /_voxemu/reset", "")
	expect("state replaced")
}

const createSlowly = "/platform_api/CreateSipRegistration?account_id=1&api_key=demo-key&sip_username=a&proxy=sip-slow-5s.test"

func TestAListenerOfAnAccountGetsItsEventsOnly(t *testing.T) {
	s := listening(t)
	account, err := s.CreateAccount(vox.AccountRequest{Credentials: new(false)})
	if err != nil {
		t.Fatal(err)
	}
	next := stream(t, s, fmt.Sprintf("?account_id=%d", account.ID))
	called(t, s, createSlowly) // with the demo account
	must(t, s, "POST /_voxemu/users/123/login", "")
	called(t, s, listOf(account))
	must(t, s, fmt.Sprintf("DELETE /_voxemu/accounts/%d", account.ID), "")
	got := []string{next().kind, next().kind}
	if diff := cmp.Diff([]string{"call", "account"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCollectedEventsComeInOrderAndNoneIsMissing(t *testing.T) {
	s := listening(t)
	next := stream(t, s, "?pace=20ms")
	const calls = 50
	for range calls {
		called(t, s, list)
	}
	for n := range calls {
		if e := next(); e.kind != "call" || e.data["number"] != float64(n+1) {
			t.Fatalf("event %d: %+v", n+1, e)
		}
	}
	for query, want := range map[string]int{"?pace=1ms": 200, "?pace=24h": 200, "?pace=-1s": 400, "?pace=soon": 400} {
		r := httptest.NewRequest("HEAD", "/_voxemu/events"+query, nil)
		r.Host = "localhost"
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%s: %d, want %d", query, w.Code, want)
		}
	}
}

func TestRegistrationsAreReadInParts(t *testing.T) {
	s := newServer(t)
	type part struct{ Registrations []struct{ ID int } }
	var ids []int
	for after := 0; ; {
		got := decode[part](t, must(t, s, fmt.Sprintf("GET /_voxemu/registrations?limit=3&after=%d", after), "")).Registrations
		if len(got) > 3 {
			t.Fatalf("%d at once", len(got))
		}
		for _, r := range got {
			ids = append(ids, r.ID)
		}
		if len(got) < 3 {
			break
		}
		after = got[2].ID
	}
	if diff := cmp.Diff([]int{1, 2, 3, 4}, ids); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
}

// Members that only the console needs would make the replies of all others larger.
func TestRepliesHaveTheMembersThatWereAskedFor(t *testing.T) {
	s := listening(t)
	members := func(row any) (got []string) {
		for _, name := range []string{"subscription_price", "money_on_hold"} {
			if _, ok := row.(map[string]any)[name]; ok {
				got = append(got, name)
			}
		}
		return got
	}
	type list struct{ Registrations []map[string]any }
	money := []string{"subscription_price", "money_on_hold"}
	for query, want := range map[string][]string{"": nil, "?money=false": nil, "?money=true": money} {
		for _, r := range decode[list](t, must(t, s, "GET /_voxemu/registrations"+query, "")).Registrations {
			if diff := cmp.Diff(want, members(r)); diff != "" {
				t.Errorf("registrations%s (-want +got):\n%s", query, diff)
			}
		}
		next := stream(t, s, query)
		answered := decode[map[string]any](t, must(t, s, "POST /_voxemu/registrations/1/answer", `{"status_code":403}`))
		if got := members(answered); got != nil {
			t.Errorf("answered: %v", got)
		}
		if diff := cmp.Diff(want, members(next().data["registration"])); diff != "" {
			t.Errorf("events%s (-want +got):\n%s", query, diff)
		}
		must(t, s, "POST /_voxemu/registrations/1/answer", `{"status_code":200}`)
	}
	for on, s := range map[bool]*emulator.Server{true: s, false: newServer(t, emulator.WithConsole(false))} {
		if text := must(t, s, "GET /_voxemu/config", ""); strings.Contains(text, "console") == on {
			t.Errorf("console %t: %s", on, text)
		}
	}
}

func TestAStreamSkipsAllButTheLatestRequestsAndSaysHowMany(t *testing.T) {
	const calls, most = 60, 4
	s := listening(t)
	next := stream(t, s, fmt.Sprintf("?pace=300ms&requests=%d", most))
	for range calls {
		called(t, s, list)
	}
	must(t, s, "POST /_voxemu/users/123/login", "")
	called(t, s, list)
	seen, sent, users := 0, 0, 0
	for users == 0 || seen <= calls {
		switch e := next(); e.kind {
		case "skipped":
			seen += int(e.data["skipped"].(float64))
			sent = 0
		case "call":
			seen++
			sent++
			if got := int(e.data["number"].(float64)); got != seen || sent > most {
				t.Fatalf("request %d after %d requests, %d of them at once", got, seen-1, sent)
			}
		case "user":
			users++
		}
	}
	for _, query := range []string{"?requests=0", "?requests=-1", "?requests=all"} {
		if reply := request(s.Handler(), "GET /_voxemu/events"+query, ""); reply.Code != http.StatusBadRequest {
			t.Errorf("%s: %d", query, reply.Code)
		}
	}
}
