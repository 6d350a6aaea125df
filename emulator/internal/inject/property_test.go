package inject_test

import (
	"fmt"
	"net/url"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/internal/inject"
)

// randomRules generates rules with all conditions that affect decisions.
var randomRules = rapid.Custom(func(t *rapid.T) []fault.Rule {
	var rules []fault.Rule
	count := func(name string, most int) fault.Count { return fault.Count(rapid.IntRange(0, most).Draw(t, name)) }
	for i := range rapid.IntRange(1, 6).Draw(t, "rules") {
		rule := fault.Rule{
			Name: fmt.Sprint("rule-", i), Then: broken, Times: count("times", 2000),
			When: fault.When{Every: count("every", 3), First: count("first", 90_000), Skip: count("skip", 100)},
		}
		if rapid.Bool().Draw(t, "likely") {
			rule.When.Probability = new(rapid.Float64Range(0, 1).Draw(t, "probability"))
		}
		if rapid.Bool().Draw(t, "one method") {
			rule.When.Method = rapid.SampledFrom(methods).Draw(t, "method")
		}
		if rapid.Bool().Draw(t, "one account") {
			rule.When.Account = rapid.Int64Range(1, 3).Draw(t, "account")
		}
		rules = append(rules, rule)
	}
	return rules
})

var methods = []string{"CreateSipRegistration", "GetSipRegistrations"}

// mixed returns the n-th request of concurrent clients.
func mixed(n int) inject.Call {
	return inject.Call{Method: methods[n%2], Account: int64(n % 3), Parameters: url.Values{}}
}

// concurrently sends requests from several goroutines and returns, for each rule, the
// sorted numbers of the requests to which it was applied.
func concurrently(e *inject.Engine, calls int, call func(int) inject.Call) map[string][]int64 {
	const callers = 8
	taken := map[string][]int64{}
	var mu sync.Mutex
	var wait sync.WaitGroup
	for caller := range callers {
		wait.Go(func() {
			for n := caller; n < calls; n += callers {
				if got := claim(e, call(n)); got != nil {
					mu.Lock()
					taken[got.Rule] = append(taken[got.Rule], got.Number)
					mu.Unlock()
				}
			}
		})
	}
	wait.Wait()
	for _, numbers := range taken {
		slices.Sort(numbers)
	}
	return taken
}

const (
	ruleSets = 10
	calls    = 100_000
)

func TestHitsAddUpUnderLoadAndNoRuleFiresTooOften(t *testing.T) {
	for set := range ruleSets {
		rules := randomRules.Example(set)
		e, _ := engine(t, int64(set), rules...)
		taken := concurrently(e, calls, mixed)
		for _, s := range e.Rules() {
			counted := 0
			for n := range calls {
				call := mixed(n)
				if (s.When.Method == "" || s.When.Method == call.Method) && (s.When.Account == 0 || s.When.Account == call.Account) {
					counted++
				}
			}
			numbers := taken[s.Name]
			if s.Hits != int64(len(numbers)) || s.Seen != int64(counted) {
				t.Errorf("set %d %s: %d hits counted, %d calls taken; %d seen, %d made", set, s.Name, s.Hits, len(numbers), s.Seen, counted)
			}
			if s.Times != 0 && (s.Hits > int64(s.Times) || *s.Remaining != int64(s.Times)-s.Hits) {
				t.Errorf("set %d %s: %d hits, %d remaining of %d", set, s.Name, s.Hits, *s.Remaining, s.Times)
			}
			if len(slices.Compact(slices.Clone(numbers))) != len(numbers) {
				t.Errorf("set %d %s: one call was taken twice", set, s.Name)
			}
		}
	}
}

func TestTheSameSeedGivesEachCallTheSameFaultUnderLoad(t *testing.T) {
	same := func(int) inject.Call { return inject.Call{Method: methods[0], Account: 1} }
	run := func(seed int64, rules []fault.Rule) map[string][]int64 {
		e, _ := engine(t, seed, rules...)
		return concurrently(e, calls/10, same)
	}
	differ := false
	for set := range ruleSets {
		rules := randomRules.Example(set)
		first := run(1, rules)
		if diff := cmp.Diff(first, run(1, rules)); diff != "" {
			t.Errorf("set %d: the same seed gives other faults:\n%s", set, diff)
		}
		differ = differ || !cmp.Equal(first, run(2, rules))
	}
	if !differ {
		t.Error("another seed gives the same faults")
	}
}

func TestRulesMayChangeUnderLoad(t *testing.T) {
	e, _ := engine(t, 1, randomRules.Example(0)...)
	var changes sync.WaitGroup
	for i := range 4 {
		changes.Go(func() {
			for n := range 100 {
				name := fmt.Sprint("extra-", i)
				if err := e.Put(fault.Rule{Name: name, Then: broken}); err != nil {
					t.Error(err)
				}
				e.Reseed(int64(n))
				e.Explain(mixed(n))
				if !e.Delete(name) {
					t.Errorf("%s is lost", name)
				}
			}
		})
	}
	concurrently(e, 10_000, mixed)
	changes.Wait()
	if left := len(e.Rules()); left != len(randomRules.Example(0)) {
		t.Errorf("%d rules left", left)
	}
}

func TestEachRuleHasItsOwnLuckAndAsMuchAsItSays(t *testing.T) {
	const tries = 10_000
	var runs [][]int
	for _, name := range []string{"a", "b"} {
		for seed := range int64(2) {
			e, _ := engine(t, seed, fault.Rule{Name: name, When: fault.When{Probability: new(0.3)}, Then: broken})
			numbers := fired(e, tries, create)
			if n := len(numbers); n < tries*28/100 || n > tries*32/100 {
				t.Errorf("rule %s seed %d: %d of %d at 0.3", name, seed, n, tries)
			}
			runs = append(runs, numbers)
		}
	}
	for i, run := range runs {
		for _, other := range runs[:i] {
			if slices.Equal(run, other) {
				t.Error("two rules, or two seeds, take the same calls")
			}
		}
	}
}
