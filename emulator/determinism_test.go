package emulator_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// happening is one event in an emulator; it returns the visible result. It depends only
// on the emulator, so that a history can be repeated.
type happening func(testing.TB, *emulator.Server) string

// observations returns everything visible of an emulator whose callbacks have settled, by
// name. Add new visible state here.
func observations(t testing.TB, s *emulator.Server, receiver *customer) map[string]string {
	t.Helper()
	settle(t, s)
	seen := map[string]string{
		"state": export(t, s),
		"time":  s.Now().Format(time.RFC3339Nano),
	}
	var callbacks strings.Builder
	for _, c := range s.Callbacks(0) {
		fmt.Fprintf(&callbacks, "%+v\n", c)
	}
	seen["callbacks"] = callbacks.String()
	maps.Copy(seen, receiver.requests())
	maps.Copy(seen, journaled(t, s))
	return seen
}

// journaled returns the requests to the API, and the callbacks of each account, in order.
// It removes the numbers of requests, because the order of requests and callbacks of
// different accounts depends on the receivers.
func journaled(t testing.TB, s *emulator.Server) map[string]string {
	t.Helper()
	lists := map[string]string{}
	for _, e := range s.Journal().Find(journal.Filter{}) {
		list := "journal of calls"
		if e.Kind == journal.CallbackRequest {
			list = fmt.Sprint("journal of callbacks, account ", e.AccountID)
		}
		e.Number = 0
		text, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		lists[list] += string(text) + "\n"
	}
	return lists
}

// customer contains the receivers of all accounts, one path each. Their replies depend
// only on the emulator's time: they succeed for half an hour, fail for half an hour, and
// close the connection for half an hour.
type customer struct {
	*httptest.Server
	mu       sync.Mutex // guards the fields below
	of       *emulator.Server
	received map[string]string // by path
}

func newCustomer(t testing.TB) *customer {
	c := &customer{}
	c.Server = httptest.NewServer(http.HandlerFunc(c.receive))
	t.Cleanup(c.Close)
	return c
}

// attend connects the customer to another emulator.
func (c *customer) attend(s *emulator.Server) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.of, c.received = s, map[string]string{}
}

func (c *customer) receive(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	now := c.of.Now()
	c.received[r.URL.Path] += fmt.Sprintf("%s %s\n", now.Format(time.RFC3339), body)
	c.mu.Unlock()
	switch now.Unix() / 1800 % 3 {
	case 1:
		http.Error(w, "broken", http.StatusInternalServerError)
	case 2:
		w.Header().Set("Content-Length", "9")
		fmt.Fprint(w, "half") // incomplete, then the connection ends
	}
}

func (c *customer) requests() map[string]string {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := map[string]string{}
	for path, received := range c.received {
		all["requests to "+path] = received
	}
	return all
}

// happenings are generators of all kinds of events.
func happenings() map[string]func(*rapid.T) happening {
	calls := func(method string, p url.Values) happening {
		return func(t testing.TB, s *emulator.Server) string { return call(t, s, method, p) }
	}
	id := rapid.Int64Range(1, 12)
	user := rapid.SampledFrom([]int64{12, 13, 99})
	proxy := rapid.SampledFrom([]string{
		"pbx.example.com", "sip-403.test", "sip-503-then-200.test", "sip-200-then-503-then-404.test",
		"sip-timeout.test", "sip-slow-90m.test", "rule.example",
	})
	return map[string]func(*rapid.T) happening{
		"create": func(t *rapid.T) happening {
			p := url.Values{"sip_username": {"user"}, "proxy": {proxy.Draw(t, "proxy")}, "is_persistent": {fmt.Sprint(rapid.Bool().Draw(t, "persistent"))}}
			if rapid.Bool().Draw(t, "bound") {
				p.Set("application_id", "10")
				p.Set("user_id", fmt.Sprint(user.Draw(t, "user")))
			}
			return calls("CreateSipRegistration", p)
		},
		"update": func(t *rapid.T) happening {
			return calls("UpdateSipRegistration", url.Values{"sip_registration_id": {fmt.Sprint(id.Draw(t, "id"))}, "proxy": {proxy.Draw(t, "proxy")}})
		},
		"bind": func(t *rapid.T) happening {
			return calls("BindSipRegistration", url.Values{
				"sip_registration_id": {fmt.Sprint(id.Draw(t, "id"))}, "application_id": {"10"},
				"user_id": {fmt.Sprint(user.Draw(t, "user"))}, "bind": {fmt.Sprint(rapid.Bool().Draw(t, "bind"))},
			})
		},
		"delete": func(t *rapid.T) happening {
			return calls("DeleteSipRegistration", url.Values{"sip_registration_id": {fmt.Sprint(id.Draw(t, "id"))}})
		},
		"list": func(*rapid.T) happening { return calls("GetSipRegistrations", url.Values{"count": {"100"}}) },
		"advance": func(t *rapid.T) happening {
			d := time.Duration(rapid.Int64Range(0, 40*24*3600).Draw(t, "seconds")) * time.Second
			return func(_ testing.TB, s *emulator.Server) string { return fmt.Sprint(s.Advance(d)) }
		},
		"answer": func(t *rapid.T) happening {
			id, status := id.Draw(t, "id"), rapid.SampledFrom([]int{200, 403, 503}).Draw(t, "status")
			return func(_ testing.TB, s *emulator.Server) string { return fmt.Sprint(s.Answer(id, status, "")) }
		},
		"login": func(t *rapid.T) happening {
			id := user.Draw(t, "user")
			return func(_ testing.TB, s *emulator.Server) string { return fmt.Sprint(s.Login(id)) }
		},
		"logout": func(t *rapid.T) happening {
			id := user.Draw(t, "user")
			return func(_ testing.TB, s *emulator.Server) string { return fmt.Sprint(s.Logout(id)) }
		},
		"top up": func(t *rapid.T) happening {
			amount := vox.MustParseMoney(rapid.SampledFrom([]string{"0.10", "1.20", "9.00"}).Draw(t, "amount"))
			return func(_ testing.TB, s *emulator.Server) string { return fmt.Sprint(s.TopUp(1, amount)) }
		},
		"freeze": func(t *rapid.T) happening {
			frozen := rapid.Bool().Draw(t, "frozen")
			return func(_ testing.TB, s *emulator.Server) string { return fmt.Sprint(s.SetAccountFrozen(1, frozen)) }
		},
		"redeliver": func(t *rapid.T) happening {
			id := rapid.Int64Range(1, 20).Draw(t, "callback")
			return func(t testing.TB, s *emulator.Server) string {
				settle(t, s) // a running attempt would not be sent again
				return fmt.Sprint(s.Redeliver(id))
			}
		},
	}
}

func draw(t *rapid.T) []happening {
	ways := happenings()
	kind := rapid.SampledFrom(slices.Sorted(maps.Keys(ways)))
	history := make([]happening, rapid.IntRange(20, 60).Draw(t, "length"))
	for i := range history {
		history[i] = ways[kind.Draw(t, "kind")](t)
	}
	return history
}

// worldOfChange has an account that sends requests, receives callbacks and can run out of
// money, and another account. CUSTOMER is the address of the receivers.
const worldOfChange = `
accounts:
  - {id: 1, name: demo, api_key: demo-key, balance: 8.00, credit_limit: 1.00, min_balance_to_notify: 5.00, callback_url: CUSTOMER/1, callback_salt: pepper}
  - {id: 2, name: other, balance: 5.00, callback_url: CUSTOMER/2}
applications: [{id: 10, account_id: 1, name: myapp}]
users: [{id: 12, application_id: 10, name: alice}, {id: 13, application_id: 10, name: bob}]
billing: {installation_fee: 0.50, tax_percent: 20, detach_after: 240h}
registrar:
  delay: 2s
  rules: [{proxy: rule.example, answers: [486, 200, 200, 503], delay: 40s, expires: 10m}]
registrations:
  - {id: 1, account_id: 2, sip_username: a, proxy: sip-503-then-200.test}
  - {id: 2, account_id: 2, sip_username: b, proxy: rule.example}
  - {id: 3, account_id: 2, sip_username: c, proxy: pbx.example.com}
`

// changeful returns an emulator with worldOfChange, in which a fifth of the requests, at
// random, is processed and answered with an error.
func changeful(t testing.TB, receiver *customer) *emulator.Server {
	t.Helper()
	s := newServer(t, emulator.WithScenario("empty"))
	receiver.attend(s)
	text := strings.ReplaceAll(worldOfChange, "CUSTOMER", receiver.URL)
	if err := s.LoadSources(scenarios.Source{Name: "change", Text: []byte(text)}); err != nil {
		t.Fatal(err)
	}
	put(t, s, fault.Rule{
		Name: "chance", When: fault.When{Probability: new(0.2)},
		Then: fault.Do(fault.APIError("INTERNAL_ERROR")), After: true,
	})
	return s
}

// replayed runs a history in a new emulator and returns all that is visible.
func replayed(t testing.TB, c *customer, history []happening) (replies []string, seen map[string]string) {
	t.Helper()
	s := changeful(t, c)
	for _, happen := range history {
		replies = append(replies, happen(t, s))
	}
	return replies, observations(t, s, c)
}

func TestTheSameHistoryGivesTheSameEverything(t *testing.T) {
	c := newCustomer(t)
	rapid.Check(t, func(rt *rapid.T) {
		history := draw(rt)
		replies, seen := replayed(t, c, history)
		repliesAgain, seenAgain := replayed(t, c, history)
		if diff := cmp.Diff(replies, repliesAgain); diff != "" {
			rt.Errorf("the second run's replies differ:\n%s", diff)
		}
		if diff := cmp.Diff(seen, seenAgain); diff != "" {
			rt.Errorf("the second run ends differently:\n%s", diff)
		}
	})
}

// The lengths of the single advances make no difference.
func TestManyShortAdvancesEqualOneLongOne(t *testing.T) {
	c := newCustomer(t)
	rapid.Check(t, func(rt *rapid.T) {
		history := draw(rt)
		steps := rapid.SliceOfN(rapid.Int64Range(0, 100_000), 1, 8).Draw(rt, "steps")
		whole := int64(0)
		var parts []happening
		for _, seconds := range steps {
			whole += seconds
			parts = append(parts, after(seconds))
		}
		_, long := replayed(t, c, append(history[:len(history):len(history)], after(whole)))
		_, short := replayed(t, c, append(history[:len(history):len(history)], parts...))
		if diff := cmp.Diff(long, short); diff != "" {
			rt.Errorf("one long and many short (-long +short):\n%s", diff)
		}
	})
}

func after(seconds int64) happening {
	return func(t testing.TB, s *emulator.Server) string {
		advance(t, s, time.Duration(seconds)*time.Second)
		return ""
	}
}

// An import of an export continues like the original.
func TestAnExportGoesOnLikeTheOriginal(t *testing.T) {
	c := newCustomer(t)
	rapid.Check(t, func(rt *rapid.T) {
		original := changeful(t, c)
		for _, happen := range draw(rt) {
			happen(t, original)
		}
		settle(t, original)
		copied := newServer(t, emulator.WithClock(clock.Stopped(original.Now())))
		if err := copied.LoadSources(scenarios.Source{Name: "export", Text: []byte(export(t, original))}); err != nil {
			rt.Fatal(err)
		}
		next := after(rapid.Int64Range(0, 100_000).Draw(rt, "seconds"))
		goesOn := func(s *emulator.Server) map[string]string {
			c.attend(s)
			s.Journal().Clear()
			next(t, s)
			return observations(t, s, c)
		}
		if diff := cmp.Diff(goesOn(original), goesOn(copied)); diff != "" {
			rt.Errorf("the copy lives another life (-original +copy):\n%s", diff)
		}
	})
}
