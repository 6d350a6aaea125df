package inject_test

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/internal/inject"
	"github.com/voxemu/voxemu/emulator/internal/scheduler"
)

var broken = fault.Do(fault.HTTP{Status: 503})

func TestARuleFiresForTheCallsThatItsConditionsSelect(t *testing.T) {
	all := []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	for name, c := range map[string]struct {
		when  fault.When
		times fault.Count
		want  []int
	}{
		"no condition":            {want: all},
		"times":                   {times: 2, want: []int{1, 2}},
		"nth":                     {when: fault.When{Nth: 3}, want: []int{3}},
		"every":                   {when: fault.When{Every: 4}, want: []int{4, 8}},
		"first":                   {when: fault.When{First: 2}, want: []int{1, 2}},
		"skip":                    {when: fault.When{Skip: 8}, want: []int{9, 10}},
		"skip and first":          {when: fault.When{Skip: 2, First: 4}, want: []int{3, 4}},
		"every and skip":          {when: fault.When{Every: 3, Skip: 3}, want: []int{6, 9}},
		"skip and times":          {when: fault.When{Skip: 2}, times: 1, want: []int{3}},
		"probability 0 is never":  {when: fault.When{Probability: new(0.0)}},
		"probability 1 is always": {when: fault.When{Probability: new(1.0)}, want: all},
		"method":                  {when: fault.When{Method: "CreateSipRegistration"}, want: all},
		"method pattern":          {when: fault.When{Method: "*SipRegistration"}, want: all},
		"another method":          {when: fault.When{Method: "Get*"}},
		"account":                 {when: fault.When{Account: 1}, want: all},
		"another account":         {when: fault.When{Account: 2}},
		"key":                     {when: fault.When{Key: "owner*"}, want: all},
		"another key":             {when: fault.When{Key: "role*"}},
		"encoding":                {when: fault.When{Encoding: "query"}, want: all},
		"another encoding":        {when: fault.When{Encoding: "json"}},
		"parameter":               {when: fault.When{Parameters: map[string]string{"proxy": "*.example.com"}}, want: all},
		"repeated parameter":      {when: fault.When{Parameters: map[string]string{"sip_username": "b"}}, want: all},
		"another value":           {when: fault.When{Parameters: map[string]string{"proxy": "*.example.org"}}},
		"parameter not given":     {when: fault.When{Parameters: map[string]string{"account_id": "*"}}},
		"header":                  {when: fault.When{Headers: map[string]string{"user-agent": "test/*"}}, want: all},
		"header not given":        {when: fault.When{Headers: map[string]string{"X-Request-Id": "*"}}},
		"open window":             {when: fault.When{From: fault.At(start)}, want: all},
		"window to come":          {when: fault.When{From: fault.In(time.Minute)}},
		"closed window":           {when: fault.When{Until: fault.At(start)}},
	} {
		e, _ := engine(t, 1, fault.Rule{Name: "rule", When: c.when, Then: broken, Times: c.times})
		if diff := cmp.Diff(c.want, fired(e, 10, create)); diff != "" {
			t.Errorf("%s (-want +fired):\n%s", name, diff)
		}
	}
}

func TestAWindowMovesWithTheEmulatorsClockAndCountsOnlyWhatIsInside(t *testing.T) {
	e, frozen := engine(t, 1,
		fault.Rule{Name: "rule", When: fault.When{From: fault.In(time.Minute), Until: fault.At(start.Add(3 * time.Minute)), Nth: 2}, Then: broken})
	var got []string
	for minute := range 5 {
		for n := range 2 {
			if claim(e, create) != nil {
				got = append(got, fmt.Sprintf("minute %d call %d", minute, n+1))
			}
		}
		if err := frozen.Advance(time.Minute, scheduler.Move{}); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"minute 1 call 2"}, got); diff != "" {
		t.Errorf("(-want +fired):\n%s", diff)
	}
	if seen := e.Rules()[0].Seen; seen != 4 {
		t.Errorf("%d calls counted, want the 4 inside", seen)
	}
}

func TestTheFirstRuleThatWantsACallTakesItAndAllCountIt(t *testing.T) {
	e, _ := engine(t, 1,
		fault.Rule{Name: "second", When: fault.When{Nth: 2}, Then: broken},
		fault.Rule{Name: "other", When: fault.When{Method: "Get*"}, Then: broken},
		fault.Rule{Name: "third", When: fault.When{Nth: 3}, Then: broken},
		fault.Rule{Name: "rest", Then: broken, Times: 2},
	)
	var got []string
	for range 5 {
		taken := claim(e, create)
		if taken == nil {
			got = append(got, "")
			continue
		}
		got = append(got, fmt.Sprint(taken.Rule, taken.Number, taken.Kind))
	}
	if diff := cmp.Diff([]string{"rest1http", "second2http", "third3http", "rest4http", ""}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func counts(e *inject.Engine) []string {
	var all []string
	for _, s := range e.Rules() {
		left := "unlimited"
		if s.Remaining != nil {
			left = fmt.Sprint(*s.Remaining)
		}
		all = append(all, fmt.Sprintf("%s seen %d hits %d left %s", s.Name, s.Seen, s.Hits, left))
	}
	return all
}

func TestRulesAreArmedReplacedAndDisarmedOneByOne(t *testing.T) {
	e, _ := engine(t, 1, fault.Rule{Name: "a", When: fault.When{Nth: 2}, Then: broken}, fault.Rule{Name: "b", Then: broken, Times: 3})
	fired(e, 2, create)
	put := func(r fault.Rule) {
		t.Helper()
		if err := e.Put(r); err != nil {
			t.Fatal(err)
		}
	}
	put(fault.Rule{Name: "a", Then: broken, Times: 5})
	put(fault.Rule{Name: "c", Then: broken})
	want := []string{"a seen 0 hits 0 left 5", "b seen 2 hits 1 left 2", "c seen 0 hits 0 left unlimited"}
	if diff := cmp.Diff(want, counts(e)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !e.Delete("a") || e.Delete("a") || !e.Delete("c") {
		t.Error("Delete does not tell whether there was such a rule")
	}
	if diff := cmp.Diff([]string{"b seen 2 hits 1 left 2"}, counts(e)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := e.Replace(); err != nil || claim(e, create) != nil || len(e.Rules()) != 0 {
		t.Errorf("still armed: %v %v", err, counts(e))
	}
}

func TestAllMistakesAreNamedAtOnceAndChangeNothing(t *testing.T) {
	e, _ := engine(t, 1, fault.Rule{Name: "old", Then: broken})
	err := e.Replace(
		fault.Rule{Name: "fine", Then: broken},
		fault.Rule{Name: "fine", When: fault.When{Encoding: "xml", Nth: -1}, Then: broken},
		fault.Rule{},
	)
	want := []string{
		`fault "fine": when.encoding: unknown encoding "xml"; want one of query, urlencoded, multipart, json`,
		`fault "fine": when.nth: want an integer of at least 1; leave it out for no limit`,
		`fault "fine": name: another rule has it; each needs its own`,
		`fault 3: name: want 1 to 64 letters, digits, dots, dashes or underscores`,
		`fault 3: then: want one kind of fault (and delay beside it if wanted), found 0; known: api_error, http, rate_limit, ` +
			`delay, slow_body, hang, reset, close, empty_body, truncated_json, malformed_json, content_type, duplicate_reply`,
	}
	if err == nil {
		t.Fatal("armed")
	}
	if diff := cmp.Diff(want, strings.Split(err.Error(), "\n")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := e.Put(fault.Rule{Name: "old"}); err == nil {
		t.Error("armed")
	}
	if diff := cmp.Diff([]string{"old seen 0 hits 0 left unlimited"}, counts(e)); diff != "" {
		t.Errorf("what was armed changed:\n%s", diff)
	}
}

func TestRulesThatNeverFiredOrMayStillFireAreUnspent(t *testing.T) {
	never := fault.When{Method: "Get*"}
	e, _ := engine(t, 1,
		fault.Rule{Name: "spent", Then: broken, Times: 1},
		fault.Rule{Name: "half-spent", When: fault.When{First: 2}, Then: broken, Times: 2},
		fault.Rule{Name: "half-spent-but-optional", When: fault.When{First: 3}, Then: broken, Times: 2, Optional: true},
		fault.Rule{Name: "fired-without-limit", Then: broken},
		fault.Rule{Name: "never", When: never, Then: broken},
		fault.Rule{Name: "never-but-optional", When: never, Then: broken, Optional: true},
	)
	fired(e, 5, create)
	var names []string
	for _, s := range e.Rules() {
		if s.Unspent() {
			names = append(names, s.Name)
		}
	}
	if diff := cmp.Diff([]string{"half-spent", "never"}, names); diff != "" {
		t.Errorf("(-want +got):\n%s\n%v", diff, counts(e))
	}
}

func TestAddingRefusesATakenNameAndChoosesAMissingOne(t *testing.T) {
	e, _ := engine(t, 1, fault.Rule{Name: "fault-2", Then: broken})
	if _, err := e.Add(fault.Rule{Name: "fault-2", Then: broken}); !errors.Is(err, fault.ErrTaken) {
		t.Errorf("error %v, want %v", err, fault.ErrTaken)
	}
	for _, want := range []string{"fault-1", "fault-3"} {
		if name, err := e.Add(fault.Rule{Then: broken}); err != nil || name != want {
			t.Errorf("chose %q, %v; want %q", name, err, want)
		}
	}
	if _, err := e.Add(fault.Rule{}); err == nil {
		t.Error("armed a rule that does nothing")
	}
	if n := len(e.Rules()); n != 3 {
		t.Errorf("%d rules, want 3", n)
	}
}

func TestARuleDoesNotTakeThePlaceOfOneAboutAnotherAccount(t *testing.T) {
	e, _ := engine(t, 1, fault.Rule{Name: "mine", When: fault.When{Account: 1}, Then: broken})
	claim(e, create)
	if err := e.Put(fault.Rule{Name: "mine", When: fault.When{Account: 2}, Then: broken}); !errors.Is(err, fault.ErrTaken) {
		t.Errorf("error %v, want %v", err, fault.ErrTaken)
	}
	if s := e.Rules()[0]; s.When.Account != 1 || s.Hits != 1 {
		t.Errorf("%+v", s)
	}
	if err := e.Put(fault.Rule{Name: "mine", When: fault.When{Account: 1}, Then: broken}); err != nil || e.Rules()[0].Hits != 0 {
		t.Errorf("%v, %+v", err, e.Rules())
	}
}

func TestDeletingPicksRules(t *testing.T) {
	e, _ := engine(t, 1, fault.Rule{Name: "a", Then: broken}, fault.Rule{Name: "b", When: fault.When{Account: 1}, Then: broken})
	if n := e.DeleteIf(func(r fault.Rule) bool { return r.When.Account == 1 }); n != 1 || len(e.Rules()) != 1 || e.Rules()[0].Name != "a" {
		t.Errorf("deleted %d, left %+v", n, e.Rules())
	}
}

func TestWithoutARuleNothingIsReadOrAllocated(t *testing.T) {
	e, _ := engine(t, 1)
	if n := testing.AllocsPerRun(100, func() {
		e.Claim(func() inject.Call { t.Error("the call was read"); return inject.Call{} })
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestExplainNamesTheConditionThatIsNotMetAndCountsNothing(t *testing.T) {
	e, _ := engine(t, 1,
		fault.Rule{Name: "method", When: fault.When{Method: "Get*"}, Then: broken},
		fault.Rule{Name: "value", When: fault.When{Parameters: map[string]string{"proxy": "x"}}, Then: broken},
		fault.Rule{Name: "number", When: fault.When{Nth: 3}, Then: broken},
		fault.Rule{Name: "luck", When: fault.When{Probability: new(0.0)}, Then: broken},
		fault.Rule{Name: "spent", Then: broken, Times: 1},
		fault.Rule{Name: "taken", Then: broken},
	)
	claim(e, create)
	want := []fault.Verdict{
		{Rule: "method", Unmet: "when.method"},
		{Rule: "value", Unmet: "when.parameters.proxy"},
		{Rule: "number", Number: 2, Unmet: "when.nth"},
		{Rule: "luck", Number: 2, Unmet: "when.probability"},
		{Rule: "spent", Number: 2, Unmet: "times"},
		{Rule: "taken", Number: 2},
	}
	for range 2 {
		if diff := cmp.Diff(want, e.Explain(create)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	if taken := claim(e, create); taken == nil || taken.Rule != "taken" {
		t.Errorf("the call was taken by %+v", taken)
	}
}

func TestARateLimitCountsPerAccountAndKeyOnTheEmulatorsClock(t *testing.T) {
	e, frozen := engine(t, 1, fault.Rule{Name: "limit", Then: fault.Do(fault.RateLimit{Calls: 2, Per: fault.Duration(time.Minute), Burst: 3})})
	otherKey, otherAccount := create, create
	otherKey.Key, otherAccount.Account = "another", 2
	for range 2 {
		for _, call := range []inject.Call{create, otherKey, otherAccount} {
			if diff := cmp.Diff([]int{4, 5}, fired(e, 5, call)); diff != "" {
				t.Errorf("account %d key %s (-want +refused):\n%s", call.Account, call.Key, diff)
			}
		}
		if err := frozen.Advance(90*time.Second, scheduler.Move{}); err != nil {
			t.Fatal(err)
		}
	}
	if hits := e.Rules()[0].Hits; hits != 12 {
		t.Errorf("%d hits, want the refused calls: 12", hits)
	}
}

func TestPatterns(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true}, {"", "a", false}, {"a", "a", true}, {"a", "A", false}, {"*", "", true}, {"*", "a/b", true},
		{"a*", "ab", true}, {"a*", "ba", false}, {"*b", "ab", true}, {"*b", "ba", false}, {"a*b", "ab", true},
		{"a*a", "a", false}, {"a*b*c", "a-b-c", true}, {"a*b*c", "a-c-b", false}, {"*b*", "abc", true},
		{`\[::1\]:*`, "[::1]:5060", true}, {"**", "x", true}, {"?", "x", true}, {"[w-z]", "x", true},
	} {
		e, _ := engine(t, 1, fault.Rule{Name: "rule", When: fault.When{Parameters: map[string]string{"proxy": c.pattern}}, Then: broken})
		call := inject.Call{Parameters: url.Values{"proxy": {c.text}}}
		if got := claim(e, call) != nil; got != c.want {
			t.Errorf("%q fits %q: %v", c.text, c.pattern, got)
		}
	}
}

func BenchmarkClaim(b *testing.B) {
	rules := []fault.Rule{
		{Name: "other", When: fault.When{Method: "Get*"}, Then: broken},
		{Name: "chance", When: fault.When{Method: "Create*", Probability: new(0.1)}, Then: broken},
	}
	for _, armed := range []int{0, 1, 2} {
		b.Run(fmt.Sprintf("%d rules", armed), func(b *testing.B) {
			e, _ := engine(b, 1, rules[:armed]...)
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					claim(e, create)
				}
			})
		})
	}
}

func TestExplainKnowsTheLevelOfARateLimitAndTakesNothingFromIt(t *testing.T) {
	e, _ := engine(t, 1, fault.Rule{Name: "limit", Then: fault.Do(fault.RateLimit{Calls: 1})})
	for range 3 {
		if got := e.Explain(create)[0].Unmet; got != "then.rate_limit" {
			t.Errorf("within the limit: unmet %q", got)
		}
	}
	if claim(e, create) != nil {
		t.Error("the first call is refused")
	}
	if got := e.Explain(create)[0].Unmet; got != "" {
		t.Errorf("beyond the limit: unmet %q", got)
	}
}

func TestBeginArmsRulesAtAnotherMomentWithAnotherSeedAndCountsFromZero(t *testing.T) {
	chance := fault.Rule{Name: "chance", When: fault.When{Probability: new(0.5)}, Then: fault.Do(fault.Hang{})}
	later := fault.Rule{Name: "later", When: fault.When{From: fault.In(time.Hour)}, Then: fault.Do(fault.Hang{})}
	e, _ := engine(t, 7, chance)
	want := fired(e, 50, create)
	for range 2 {
		if err := e.Begin(7, start, chance); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, fired(e, 50, create)); diff != "" || e.Seed() != 7 {
			t.Errorf("seed %d (-first +again):\n%s", e.Seed(), diff)
		}
	}
	if err := e.Begin(8, start.Add(-time.Hour), later); err != nil {
		t.Fatal(err)
	}
	if e.Seed() != 8 || claim(e, create) == nil {
		t.Error("the offset does not count from the given moment")
	}
	if e.Begin(9, start, fault.Rule{}) == nil || e.Seed() != 8 || len(e.Rules()) != 1 {
		t.Error("a refused beginning has changed something")
	}
}
