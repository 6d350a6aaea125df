package fault_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/vox"
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

var broken = fault.Do(fault.HTTP{Status: 503})

func TestMistakesAreRefused(t *testing.T) {
	when := func(w fault.When) fault.Rule { return fault.Rule{Name: "rule", When: w, Then: broken} }
	then := func(kinds ...fault.Kind) fault.Rule { return fault.Rule{Name: "rule", Then: fault.Do(kinds...)} }
	second := fault.Duration(time.Second)
	for _, c := range []struct {
		rule  fault.Rule
		place string
		says  string
	}{
		{fault.Rule{Then: broken}, "name", "letters"},
		{fault.Rule{Name: "a/b", Then: broken}, "name", "letters"},
		{fault.Rule{Name: strings.Repeat("x", 65), Then: broken}, "name", "64"},
		{fault.Rule{Name: "rule", Then: broken, Times: -1}, "times", "at least 1"},
		{when(fault.When{Method: "CreateSipRegistratoin"}), "when.method", "did you mean CreateSipRegistration?"},
		{when(fault.When{Method: "CreateRegistration"}), "when.method", "known: CreateSipRegistration, GetSipRegistrations"},
		{when(fault.When{Method: "Get*", Parameters: map[string]string{"proxy": "*"}}), "when.parameters.proxy", "known: account_id, api_key, count"},
		{when(fault.When{Parameters: map[string]string{"prxy": "*"}}), "when.parameters.prxy", "did you mean proxy?"},
		{when(fault.When{Parameters: map[string]string{strings.Repeat("proxy", 1<<18): "*"}}), "when.parameters." + strings.Repeat("proxy", 1<<18), "known: account_id"},
		{when(fault.When{Parameters: map[string]string{"api_key": "demo-key"}}), "when.parameters.api_key", "secret"},
		{when(fault.When{Headers: map[string]string{"authorization": "*"}}), "when.headers", "secret"},
		{when(fault.When{Account: -1}), "when.account", "id"},
		{when(fault.When{Encoding: "xml"}), "when.encoding", "query, urlencoded, multipart, json"},
		{when(fault.When{Nth: -1}), "when.nth", "at least 1"},
		{when(fault.When{Probability: new(1.1)}), "when.probability", "from 0"},
		{when(fault.When{Probability: new(-0.1)}), "when.probability", "from 0"},
		{when(fault.When{Probability: new(math.NaN())}), "when.probability", "from 0"},
		{when(fault.When{From: fault.In(2), Until: fault.In(2)}), "when.until", "after from"},
		{when(fault.When{From: fault.At(start), Until: fault.At(start.Add(-1))}), "when.until", "after from"},
		{then(), "then", "found 0"},
		{then(fault.Hang{}, fault.Reset{}), "then", "found 2"},
		{fault.Rule{Name: "rule", Then: fault.Do(fault.RateLimit{Calls: 1}), After: true}, "after", "before they are processed"},
		{then(fault.APIError("NO_SUCH_ERROR")), "then.api_error", "x-errors"},
		{then(fault.APIError("128")), "then.api_error", "128"},
		{then(fault.APIError("INVALID on nothing")), "then.api_error", "nothing"},
		{then(fault.HTTP{}), "then.http.status", "200 to 599"},
		{then(fault.HTTP{Status: 101}), "then.http.status", "200 to 599"},
		{then(fault.HTTP{Status: 204, Body: "x"}), "then.http.body", "no body"},
		{then(fault.HTTP{Status: 200, Headers: map[string]string{"a b": ""}}), "then.http.headers", "not a valid header name"},
		{then(fault.HTTP{Status: 200, Headers: map[string]string{"A": "a\r\nb: c"}}), "then.http.headers.A", "control"},
		{then(fault.HTTP{Status: 200, Headers: map[string]string{"content-length": "5"}}), "then.http.headers.content-length", "truncated_json"},
		{when(fault.When{Method: "Get["}), "when.method", "want a pattern"},
		{when(fault.When{Key: `\`}), "when.key", "want a pattern"},
		{when(fault.When{Parameters: map[string]string{"proxy": "[::1"}}), "when.parameters.proxy", "want a pattern"},
		{when(fault.When{Headers: map[string]string{"Host": "[::1"}}), "when.headers.Host", "want a pattern"},
		{then(fault.Delay{}), "then.delay", "either fixed"},
		{then(fault.Delay{Fixed: -1}), "then.delay", "at least 0"},
		{then(fault.Delay{Fixed: second, Max: second}), "then.delay", "either fixed"},
		{then(fault.Delay{Min: second, Max: second}), "then.delay.max", "greater than min"},
		{then(fault.Delay{Min: second}), "then.delay.max", "greater than min"},
		{then(fault.Delay{Sigma: 1}), "then.delay", "median"},
		{then(fault.Delay{Median: second}), "then.delay", "sigma"},
		{then(fault.Delay{Median: second, Sigma: math.NaN()}), "then.delay", "sigma"},
		{then(fault.Delay{Median: second, Sigma: 1, Min: 1}), "then.delay", "no min"},
		{then(fault.SlowBody{}), "then.slow_body.over", "greater than 0"},
		{then(fault.SlowBody{Over: 1, Chunks: 10_001}), "then.slow_body.chunks", "10000"},
		{then(fault.Reset{AfterSending: "all"}), "then.reset.after_sending", "nothing, headers or body"},
		{then(fault.Close{AfterSending: "all"}), "then.close.after_sending", "nothing, headers or body"},
		{then(fault.ContentType("")), "then.content_type", "text/html"},
		{then(fault.RateLimit{}), "then.rate_limit.calls", "at least 1"},
		{then(fault.RateLimit{Calls: 1, Burst: -1}), "then.rate_limit.burst", "at least 1"},
		{then(fault.RateLimit{Calls: 1, Per: -1}), "then.rate_limit.per", "at least 0"},
		{then(fault.RateLimit{Calls: 1, Status: 200}), "then.rate_limit.status", "400 to 599"},
	} {
		var found vox.Mistakes
		if err := known.Check(c.rule); !errors.As(err, &found) || len(found) != 1 {
			t.Errorf("%s %q: want one mistake, got %v", c.place, c.says, err)
			continue
		}
		if found[0].Place != c.place || !strings.Contains(found[0].Message, c.says) {
			t.Errorf("want %q at %s, got %v", c.says, c.place, found[0])
		}
	}
}

func TestOtherErrorsThanTheKnownOnesNeedAStatusForRateLimits(t *testing.T) {
	other := fault.Known{Parameters: known.Parameters, Errors: map[string]int{}}
	if err := other.Check(fault.Rule{Name: "limit", Then: fault.Do(fault.RateLimit{Calls: 1})}); err == nil {
		t.Error("error 340 is promised although the API has none")
	}
	if err := other.Check(fault.Rule{Name: "limit", Then: fault.Do(fault.RateLimit{Calls: 1, Status: 429})}); err != nil {
		t.Error(err)
	}
}

func TestWithoutKnowledgeOfTheAPINoNamesAreJudgedButEverythingElseIs(t *testing.T) {
	anything := fault.Rule{
		Name: "rule", When: fault.When{Method: "Anything", Parameters: map[string]string{"some": "*"}},
		Then: fault.Do(fault.APIError("SOMETHING on some")),
	}
	limit := fault.Rule{Name: "limit", Then: fault.Do(fault.RateLimit{Calls: 1})}
	if err := (fault.Known{}).Check(anything, limit); err != nil {
		t.Error(err)
	}
	secret := fault.Rule{Name: "rule", When: fault.When{Parameters: map[string]string{"password": "*"}}, Then: fault.Do(fault.Hang{})}
	for _, rule := range []fault.Rule{{}, secret, {Name: "rule"}} {
		if (fault.Known{}).Check(rule) == nil {
			t.Errorf("accepted: %+v", rule)
		}
	}
}
