package emulator_test

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/scenarios"
)

// A happening is one thing that happens to an emulator; it gives what came back.
// It depends on nothing but the emulator, so that a history can be repeated.
type happening func(testing.TB, *emulator.Server) string

// observations are all that can be seen of an emulator, by name. Whatever else
// the emulator remembers or tells belongs here.
func observations(t testing.TB, s *emulator.Server) map[string]string {
	return map[string]string{
		"state": export(t, s),
		"time":  s.Now().Format(time.RFC3339Nano),
	}
}

// happenings are the ways in which a history can go on.
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
	}
}

// draw invents a history.
func draw(t *rapid.T) []happening {
	ways := happenings()
	kind := rapid.SampledFrom([]string{"create", "update", "bind", "delete", "list", "advance", "answer", "login", "logout"})
	history := make([]happening, rapid.IntRange(20, 60).Draw(t, "length"))
	for i := range history {
		history[i] = ways[kind.Draw(t, "kind")](t)
	}
	return history
}

const worldOfChange = `
registrar:
  delay: 2s
  rules: [{proxy: rule.example, answers: [486, 200, 200, 503], delay: 40s, expires: 10m}]
`

// tell lets a history happen to a new emulator and tells all that could be seen.
func tell(t testing.TB, history []happening) (told []string, seen map[string]string) {
	s := seeded(t, worldOfChange)
	for _, happen := range history {
		told = append(told, happen(t, s))
	}
	return told, observations(t, s)
}

func TestTheSameHistoryGivesTheSameEverything(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		history := draw(rt)
		replies, seen := tell(t, history)
		repliesAgain, seenAgain := tell(t, history)
		if diff := cmp.Diff(replies, repliesAgain); diff != "" {
			rt.Errorf("the second run's replies differ:\n%s", diff)
		}
		if diff := cmp.Diff(seen, seenAgain); diff != "" {
			rt.Errorf("the second run ends differently:\n%s", diff)
		}
	})
}

// How far one goes at a time changes nothing.
func TestManyShortAdvancesEqualOneLongOne(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		history := draw(rt)
		steps := rapid.SliceOfN(rapid.Int64Range(0, 100_000), 1, 8).Draw(rt, "steps")
		whole := int64(0)
		var parts []happening
		for _, seconds := range steps {
			whole += seconds
			parts = append(parts, after(seconds))
		}
		_, long := tell(t, append(history[:len(history):len(history)], after(whole)))
		_, short := tell(t, append(history[:len(history):len(history)], parts...))
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

// What is exported goes on living as if nothing had happened.
func TestAnExportGoesOnLikeTheOriginal(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		original := seeded(t, worldOfChange)
		for _, happen := range draw(rt) {
			happen(t, original)
		}
		copied := newServer(t, emulator.WithClock(clock.Frozen(original.Now())))
		if err := copied.LoadSources(scenarios.Source{Name: "export", Text: []byte(export(t, original))}); err != nil {
			rt.Fatal(err)
		}
		next := after(rapid.Int64Range(0, 100_000).Draw(rt, "seconds"))
		next(t, original)
		next(t, copied)
		if diff := cmp.Diff(observations(t, original), observations(t, copied)); diff != "" {
			rt.Errorf("the copy lives another life (-original +copy):\n%s", diff)
		}
	})
}
