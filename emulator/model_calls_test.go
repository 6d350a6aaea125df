package emulator_test

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// drawnCall is a request of the model test.
type drawnCall struct {
	method     string
	parameters url.Values
}

func (c drawnCall) String() string { return fmt.Sprint(c.method, " ", c.parameters) }

// modelCalls generates requests for all methods.
type modelCalls struct {
	methods    []string
	parameters map[string][]string
	examples   map[string][]url.Values // of openapi.yaml; they succeed on the demo
}

func newModelCalls(t *testing.T) modelCalls {
	calls := modelCalls{parameters: map[string][]string{}, examples: map[string][]url.Values{}}
	for _, m := range specification(t).Methods() {
		calls.methods = append(calls.methods, m.Name)
		calls.parameters[m.Name] = m.Parameters()
		examples := examplesOf(t, m.Name)
		for _, name := range slices.Sorted(maps.Keys(examples)) {
			calls.examples[m.Name] = append(calls.examples[m.Name], examples[name])
		}
	}
	return calls
}

// longestSequence is the maximum number of requests in a sequence.
const longestSequence = 30

// draw returns a sequence in which a method can occur twice. It draws a permutation,
// which is uniform; rapid's draws from a list prefer its start.
func (c modelCalls) draw(t *rapid.T) []drawnCall {
	methods := rapid.Permutation(slices.Concat(c.methods, c.methods)).Draw(t, "methods")
	calls := make([]drawnCall, rapid.IntRange(longestSequence/2, longestSequence).Draw(t, "calls"))
	for i := range calls {
		calls[i] = drawnCall{methods[i], c.drawParameters(t, methods[i])}
	}
	return calls
}

// drawParameters returns an example of the specification in which half of the parameters
// have another value: ids and names of the demo, those that requests create, and unknown
// ones. Sometimes the caller is the child account.
func (c modelCalls) drawParameters(t *rapid.T, method string) url.Values {
	p := maps.Clone(oneOf(t, c.examples[method], "example"))
	names := c.parameters[method]
	for _, name := range names {
		if once(t, 2*len(names), "change "+name) {
			p.Set(name, oneOf(t, plausible(name), name))
		} else if once(t, 4*len(names), "without "+name) {
			p.Del(name)
		}
	}
	if once(t, 8, "as the child") {
		return with(with(p, "account_id", "2"), "api_key", "child-key-of-2")
	}
	return apiKey(p)
}

// oneOf draws uniformly and hides its draws in the output.
func oneOf[V any](t *rapid.T, values []V, label string) V {
	first := func(t *rapid.T) V { return rapid.Permutation(values).Draw(t, "order")[0] }
	return rapid.Custom(first).Draw(t, label)
}

// once is true once in a number of times.
func once(t *rapid.T, in int, label string) bool {
	yes := make([]bool, in)
	yes[0] = true
	return oneOf(t, yes, label)
}

func plausible(name string) []string {
	switch name {
	case "application_id":
		return []string{"123", "4567", "4568", "123;4567", "all", "999"}
	case "application_name", "required_application_name":
		return []string{"myapp", "shop", "sales", "shop.demo.voximplant.com", "nobody"}
	case "rule_id":
		return []string{"1", "2", "7890", "7891", "2;1", "all", "999"}
	case "rule_name":
		return []string{"inbound", "fallback", "other", "nobody"}
	case "user_id":
		return []string{"123", "12345", "12346", "123;12345", "all", "999"}
	case "user_name", "new_user_name":
		return []string{"alice", "bob", "carol", "nobody"}
	case "scenario_id":
		return []string{"1", "2", "3", "2;1", "all", "999"}
	case "scenario_name", "required_scenario_name":
		return []string{"greeting", "inbound", "hello", "nobody"}
	case "sip_registration_id":
		return []string{"1", "2", "3", "4", "5", "6"}
	case "user_password":
		return []string{"Pa55-word"}
	case "rule_pattern", "rule_pattern_exclude":
		return []string{".*", "7.+", "("}
	case "count", "offset", "status_code":
		return []string{"100", "200"}
	case "order_by":
		return []string{"user_name", "user_id"}
	case "child_account_id":
		return []string{"2", "3", "2;3", "all", "999"}
	case "key_id":
		return []string{"owner-key", "child-key", "support-key", "nobody"}
	case "role_id":
		return []string{"1", "3", "7;5", "99"}
	case "role_name":
		return []string{"Owner", "Support", "King"}
	case "authorized_ip", "contains_ip":
		return []string{"192.0.2.1", "192.0.2.0/24", "198.51.100.7", "all"}
	case "sip_whitelist_id":
		return []string{"1", "2", "999"}
	case "sip_whitelist_network":
		return []string{"192.0.2.0/24", "192.0.2.0/255.255.0.0", "nowhere"}
	case "callback_url":
		return []string{"https://example.com/callbacks", "nowhere"}
	case "min_balance_to_notify":
		return []string{"5.00", "-1"}
	case "currency":
		return []string{"USD", "EUR", "XYZ"}
	case "from_date", "to_date", "charge_date", "date":
		return []string{"2026-01-01", "2026-12-31 23:59:59", "yesterday"}
	case "transaction_type":
		return []string{"subscription_charge", "theft"}
	case "location", "timezone":
		return []string{"Europe/Berlin", "Local"}
	case "language_code":
		return []string{"en"}
	case "proxy", "outbound_proxy":
		return []string{"pbx.example.com", "sip.example.com"}
	}
	return []string{"true", "false"} // booleans; texts accept them too
}
