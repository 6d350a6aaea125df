package evidence

import (
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/voxemu/voxemu/emulator/vox"
)

// change changes a reply; see mutation.
type change = func(form url.Values, reply object) int

// given applies a change to the replies to requests with a parameter.
func given(name string, then change) change {
	return func(form url.Values, reply object) int {
		if !form.Has(name) {
			return 0
		}
		return then(form, reply)
	}
}

func refused(code int) change { return top(func(o object) { refuses(o, code) }) }

// only keeps some rows.
func only(n int) change {
	return top(func(o object) {
		if list, ok := o["result"].([]any); ok && len(list) > n {
			o["result"] = list[:n]
		}
	})
}

// always sets a member of each row, or of the object that the reply is about.
func always(name string, value any) change {
	return top(func(o object) {
		for _, row := range o.objects("result") {
			row[name] = value
		}
		if one, ok := o["result"].(map[string]any); ok {
			one[name] = value
		}
	})
}

func backwards() change { return top(func(o object) { reversed(o, "result") }) }

// twice lists each row twice.
func twice() change {
	return top(func(o object) {
		if list, ok := o["result"].([]any); ok {
			o["result"] = append(slices.Clone(list), list...)
		}
	})
}

// more lists a row more.
func more(row map[string]any) change {
	return top(func(o object) {
		if list, ok := o["result"].([]any); ok {
			o["result"] = append(list, row)
		}
	})
}

// otherwiseBy is a change of one method's replies that settles an assumption otherwise. The
// assumptions about callbacks are in TestOtherCallbacksAreFoundByTheirExperiment.
func otherwiseBy() map[string]struct {
	method string
	change change
} {
	inOneList := given("sip_username", func(form url.Values, reply object) int {
		if name := form.Get("sip_username"); name == strings.ToUpper(name) {
			reply["result"] = []any{map[string]any{"sip_registration_id": json.Number("1")}}
		}
		return 0
	})
	return map[string]struct {
		method string
		change change
	}{
		"A1":  {"GetAuditLog", otherCode(100, 104)},
		"A2":  {"CreateSipRegistration", refused(394)},
		"A3":  {"BindSipRegistration", refused(458)},
		"A4":  {"GetSipRegistrations", given("application_name", refused(107))},
		"A5":  {"GetApplications", given("with_rules", always("rules", []any{}))},
		"A6":  {"GetRoles", given("registration_name", refused(496))},
		"A7":  {"GetSipRegistrations", given("application_id", refused(116))},
		"A8":  {"AddApplication", refused(104)},
		"A9":  {"GetApplications", only(1)},
		"A10": {"getsipregistrations", otherCode(103, 102)},
		"A11": {"GetRoles", otherCode(454, 100)},
		"A12": {"GetRules", otherCode(116, 485)},
		"A13": {"GetSipRegistrations", backwards()},
		"A14": {"GetSipRegistrations", always("subscription_price", "2.00")},
		"A15": {"GetSipRegistrations", always("successful", false)},
		"A16": {"GetSipRegistrations", always("last_updated", json.Number("1795834214000"))},
		"A17": {"GetApplications", rows(func(o object) { o["application_name"], _, _ = strings.Cut(o.text("application_name"), ".") })},
		"A18": {"GetSipRegistrations", always("rule_id", json.Number("7"))},
		"A19": {"GetSipRegistrations", gone("application_id")},
		"A20": {"GetSipRegistrations", always("rule_id", json.Number("7"))},
		"A22": {"DeleteSipRegistration", top(func(o object) { eachError(o, func(e object) { e["msg"] = "Unknown registration." }) })},
		"A23": {"GetRoles", otherCode(101, 102)},
		"A24": {"UpdateSipRegistration", refused(496)},
		"A25": {"GetSipRegistrations", inOneList},
		"A26": {"GetApplications", func(form url.Values, o object) int {
			if form.Has("application_name") || form.Has("count") { // a form
				return 0
			}
			return twice()(form, o)
		}},
		"A27": {"GetSipRegistrations", given("in_progress", only(0))},
		"A32": {"GetSipRegistrations", always("status_code", json.Number("503"))},
		"A35": {"GetSubscriptionPrice", set("installation_price_in_currency", json.Number("5"))},
		"A36": {"GetAccountInfo", always("money_on_hold", json.Number("0"))},
		"A38": {"GetAccountInfo", always("fixed_balance", json.Number("100"))},
		"A42": {"CreateSipRegistration", refused(272)},
		"A51": {"GetSipRegistrations", always("application_id", json.Number("7"))},
		"A52": {"GetRules", only(10)},
		"A53": {"AddRule", refused(148)},
		"A55": {"GetRules", given("template", more(map[string]any{"rule_id": 7}))},
		"A56": {"DelRule", given("rule_name", refused(148))},
		"A57": {"AddUser", otherCode(112, 496)},
		"A58": {"GetRules", backwards()},
		"A59": {"SetChildAccountInfo", otherCode(100, 194)},
		"A60": {"GetScenarios", given("scenario_name", more(map[string]any{"scenario_name": "x"}))},
		"A62": {"GetScenarios", top(func(o object) { o["application_name"] = o.text("application_name") + ".demo.voximplant.com" })},
		"A63": {"AddScenario", otherCode(133, 493)},
		"A64": {"GetUsers", only(0)},
		"A65": {"GetUsers", otherCode(116, 485)},
		"A66": {"GetRoles", otherCode(137, 135)},
		"A67": {"GetAccountInfo", top(func(o object) { o["api_address"] = "api.voximplant.com" })},
		"A68": {"GetChildrenAccounts", refused(198)},
		"A69": {"GetSubscriptionPrice", always("subscription_template_type", "PHONE_NUM")},
		"A70": {"GetCurrencyRate", always("EUR", json.Number("0.8"))},
		"A71": {"GetMoneyAmountToCharge", always("subscriptions", []any{})},
		"A72": {"GetRoles", only(16)},
		"A73": {"GetTransactionHistory", always("transaction_id", json.Number("999"))},
		"A74": {"CheckAuthorizedAccountIP", refused(320)},
		"A75": {"GetAuditLog", always("ip", "192.0.2.7")},
		"A76": {"DelAuthorizedAccountIP", otherCode(321, 320)},
		"A77": {"GetAuditLog", twice()},
		"A79": {"GetCurrencyRate", otherCode(100, 101)},
		"A85": {"CreateKey", top(func(o object) { o["result"] = []any{o["result"]} })},
		"A86": {"AddApplication", func(form url.Values, o object) int {
			if strings.Contains(form.Get("application_name"), ".") {
				refuses(o, 107)
			}
			return 0
		}},
		"A91": {"GetSipRegistrations", given("offset", refused(496))},
		"A92": {"GetApplications", func(form url.Values, o object) int {
			if form.Get("count") == "1001" {
				refuses(o, 496)
			}
			return 0
		}},
		"A93": {"GetTransactionHistory", given("timezone", refused(496))},
		"A94": {"GetUsers", always("user_custom_data", "made by voxemu probe")},
		"A95": {"GetTransactionHistory", always("transaction_type", "resource_charge")},
		"A96": {"GetTransactionHistory", given("application_name", refused(107))},
	}
}

func TestEveryExperimentFindsAnotherAnswer(t *testing.T) {
	changes := otherwiseBy()
	for _, e := range Experiments() {
		if e.NeedsCallbacks() {
			continue
		}
		t.Run(e.Assumption, func(t *testing.T) {
			by, ok := changes[e.Assumption]
			if !ok {
				t.Fatal("no change is expected to be found by it")
			}
			p := newProbed(t, "")
			upstream := httptest.NewServer(mutating(mutation{method: by.method, change: by.change})(p.server.Handler()))
			defer upstream.Close()
			p.config.Upstream, p.config.Only, p.config.Spend = upstream.URL, []string{e.Assumption}, vox.MustParseMoney("50.00")
			if e.Assumption == "A13" { // which needs two registrations
				p.config.Only = append(p.config.Only, "A24")
			}
			result, err := Probe(t.Context(), p.config)
			if err != nil {
				t.Fatalf("%v\n%s", err, p.out)
			}
			if got := verdicts(result)[e.Assumption]; got != Otherwise {
				t.Errorf("%s: %s\n%s", by.method, got, p.out)
			}
			p.clean(t)
		})
	}
}
