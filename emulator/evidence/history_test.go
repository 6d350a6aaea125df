package evidence

import (
	"flag"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/voxemu/voxemu/scenarios"
)

// made is a call of a history, by a key; empty: the api_key.
type made struct {
	method, key, style string
	form               url.Values
}

// history draws calls of all methods, half of them by the Owner's key or by others. Half of the parameters have other values than in the
// examples of openapi.yaml.
func history(t *rapid.T, all map[string][]url.Values, parameters map[string][]string) (calls []made) {
	methods := rapid.Permutation(slices.Sorted(maps.Keys(all))).Draw(t, "methods")
	for _, method := range methods[:rapid.IntRange(5, 25).Draw(t, "calls")] {
		form := maps.Clone(rapid.SampledFrom(all[method]).Draw(t, "example"))
		for _, name := range parameters[method] {
			switch values := plausible(name); rapid.IntRange(0, 3).Draw(t, "change "+name) {
			case 0:
				if len(values) > 0 {
					form.Set(name, rapid.SampledFrom(values).Draw(t, name))
				}
			case 1:
				if rapid.IntRange(0, 5).Draw(t, "without "+name) == 0 {
					form.Del(name)
				}
			}
		}
		keys := []string{"", "", "", "", "owner-key", "owner-key", "admin-key", "developer-key", "accountant-key", "support-key"}
		calls = append(calls, made{
			method, rapid.SampledFrom(keys).Draw(t, "key"), rapid.SampledFrom([]string{"", "", "query", "json", "multipart", "cmd"}).Draw(t, "style"), form,
		})
	}
	return calls
}

// plausible returns values of the scenario demo, new ones and wrong ones.
func plausible(name string) []string {
	switch strings.TrimPrefix(strings.TrimPrefix(name, "required_"), "new_") {
	case "application_id":
		return []string{"123", "4567", "123;4567", "all", "999"}
	case "application_name":
		return []string{"myapp", "shop", "sales", "shop.demo.voximplant.com", "nobody"}
	case "rule_id":
		return []string{"1", "2", "7890", "2;1", "all", "999"}
	case "rule_name":
		return []string{"inbound", "fallback", "other", "nobody"}
	case "user_id":
		return []string{"123", "12345", "123;12345", "all", "999"}
	case "user_name":
		return []string{"alice", "bob", "carol", "nobody"}
	case "scenario_id":
		return []string{"1", "2", "2;1", "all", "999"}
	case "scenario_name":
		return []string{"greeting", "inbound", "hello", "nobody"}
	case "sip_registration_id":
		return []string{"1", "2", "3", "4", "77"}
	case "user_password", "password":
		return []string{"Pa55-word", "short", "lower-case-1"}
	case "rule_pattern", "rule_pattern_exclude":
		return []string{".*", "7.+", "("}
	case "count", "offset":
		return []string{"1", "2", "1001", "0", "-1"}
	case "key_id":
		return []string{"owner-key", "support-key", "nobody-key"}
	case "role_id":
		return []string{"1", "3", "7;5", "99"}
	case "role_name":
		return []string{"Owner", "Support", "King"}
	case "sip_whitelist_id":
		return []string{"1", "2", "999"}
	case "sip_whitelist_network", "contains_ip":
		return []string{"203.0.113.0/24", "203.0.113.7", "nowhere"}
	case "proxy", "outbound_proxy":
		return []string{"pbx.example.com", "sip.example.com:5070", "http://pbx.example.com", "a b"}
	case "callback_url":
		return []string{"https://example.com/callbacks", "nowhere", ""}
	case "currency":
		return []string{"USD", "EUR", "XYZ"}
	case "timezone", "location":
		return []string{"Europe/Berlin", "Local"}
	case "is_persistent", "bind", "rewrite", "video_conference", "with_rules", "with_scenarios", "with_script", "user_active":
		return []string{"true", "false"}
	}
	return nil
}

// isLong reports whether the tests may take long: a number of checks is given.
func isLong() bool {
	given := flag.Lookup("rapid.checks")
	return given != nil && given.Value.String() != given.DefValue
}

// fewer sets the number of checks of a test whose checks take long, unless a flag did.
func fewer(t *testing.T, checks string) {
	t.Helper()
	if isLong() {
		return
	}
	given := flag.Lookup("rapid.checks")
	if err := given.Value.Set(checks); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = given.Value.Set(given.DefValue) }) // it is the default
}

func TestRandomHistoriesCompareWithoutADifference(t *testing.T) {
	all, parameters := examples(t), map[string][]string{}
	spec, err := specification()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range spec.Methods() {
		parameters[m.Name] = m.Parameters()
	}
	demo, _ := scenarios.Builtin("demo")
	fewer(t, "10")
	rapid.Check(t, func(rt *rapid.T) {
		calls := history(rt, all, parameters)
		file := recordedAs(t, newService(t, scenarios.Source{Name: "demo", Text: demo}), nil, func(c client) {
			c.inventory()
			for _, call := range calls {
				c.key, c.style = call.key, call.style
				c.call(call.method, call.form)
			}
			c.key, c.style = "", ""
			c.inventory()
		})
		report, err := Compare(t.Context(), []string{file}, Options{})
		if err != nil {
			rt.Fatal(err)
		}
		for _, d := range report.Differences {
			rt.Errorf("%s (exchange %s)", d, d.Exchanges[0][strings.LastIndex(d.Exchanges[0], ":")+1:])
		}
		if report.Members == 0 {
			rt.Error("nothing was compared")
		}
	})
}
