package scenarios_test

import (
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

func source(name, text string) scenarios.Source {
	return scenarios.Source{Name: name, Text: []byte(text)}
}

const base = "accounts:\n  - {id: 1, name: demo}\napplications:\n  - {id: 10, name: myapp}\n" +
	"rules:\n  - {id: 11, application_id: 10, name: in}\nusers:\n  - {id: 12, application_id: 10, name: alice}\n"

// reader accepts the names of a small API.
var reader = scenarios.Reader{Known: fault.Known{
	Parameters: map[string][]string{"GetSipRegistrations": {"account_id", "sip_username"}},
	Errors:     map[string]int{"INSUFFICIENT_MONEY": 127, "RATE_LIMIT_EXCEED": 340},
}}

func TestMistakesAreNamedWithTheirPlace(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"acounts: []", "f:1:1: acounts: unknown key; did you mean accounts?"},
		{"velocity: 3", "f:1:1: velocity: unknown key; known here: extends, description, clock, behaviour, registrar, billing, seed, faults, generate, accounts, keys, applications, voxengine_scenarios, rules, users, registrations, transactions, callbacks"},
		{"accounts:\n  - id: 1\n    nam: x", "f:3:5: nam: unknown key; did you mean name?"},
		{"accounts: 3", "f:1:11: accounts: want a list, found a number"},
		{"accounts: [3]", "f:1:12: want members such as \"name: value\", found a number"},
		{"accounts:\n  - {id: one, name: x}", "f:2:10: id: want an integer, found a text"},
		{"accounts:\n  - {id: 99999999999999999999, name: x}", "f:2:10: id: want an integer"},
		{"accounts:\n  - {id: 1, name: 7}", "f:2:19: name: want a text, found a number; put it in quotes"},
		{"accounts:\n  - {id: 1, name: x, balance: much}", "f:2:31: balance: want an amount of money such as 100.00"},
		{"accounts:\n  - {id: 1, name: x, frozen: maybe}", "f:2:30: frozen: want true or false, found a text"},
		{"accounts:\n  - {id: -1, name: x}", "f:2:10: id: want a positive integer"},
		{"accounts:\n  - {name: x}", "id: want a positive integer"},
		{"accounts:\n  - {id: 1}", "name: required"},
		{"accounts:\n  - {id: 1, name: x}\n  - {id: 1, name: y}", "id 1 is given twice in this file"},
		{"accounts:\n  - {id: 1, name: x}\n  - {id: 2, name: x}", "f:3:19: name: already used by 1"},
		{"accounts:\n  - {id: 1, name: x, currency: GBP}", "f:2:32: currency: want one of USD, EUR, RUR"},
		{"accounts:\n  - {id: 1, name: x, parent_account_id: 2}", "f:2:41: parent_account_id: there is no 2"},
		{"accounts:\n  - {id: 1, name: x, parent_account_id: 1}", "parent_account_id: an account cannot be its own ancestor"},
		{"accounts: &a\n  - {id: 1, name: x}", "want a list, found an anchor or alias, which is not read here"},
		{"accounts:\n  - {id: 1, name: x, callback_url: localhost/hook}", "f:2:36: callback_url: want an http or https URL such as http://127.0.0.1:8080/callbacks"},
		{"accounts:\n  - {id: 1, name: x, callback_url: 'ftp://localhost/'}", "callback_url: want an http or https URL"},
		{"accounts:\n  - {id: 1, name: x, callback_url: 'http://:80%/'}", "callback_url: want an http or https URL"},
		{"accounts:\n  - {id: 1, name: x, callback_url: 'http:///hook'}", "callback_url: want an http or https URL"},
		{"accounts:\n  - {id: 1, name: x, callback_url: 'http://localhost/?a b'}", "callback_url: want %-escapes in the query, as in a%20b"},
		{"accounts:\n  - {id: 1, name: x, callback_salt: " + strings.Repeat("s", 41) + "}", "callback_salt: want at most 40 characters"},
		{"accounts:\n  - {id: 1, name: x, min_balance_to_notify: -1}", "min_balance_to_notify: want at least 0"},
		{base + "callbacks:\n  - {id: 1}", "type: want one of sip_registration_fail, "},
		{base + "callbacks:\n  - {id: 1, type: balance}", "type: want one of sip_registration_fail, "},
		{base + "callbacks:\n  - {id: 1, type: min_balance, detail: '[]'}", "detail: want a JSON object"},
		{base + "callbacks:\n  - {id: 1, type: min_balance, detail: '{} {}'}", "detail: want a JSON object"},
		{base + "callbacks:\n  - {id: 1, type: min_balance, detail: 'null'}", "detail: want a JSON object"},
		{base + "callbacks:\n  - {id: 1, type: min_balance, state: lost}", "state: want one of queued, retrying, delivered, given_up, dropped"},
		{base + "callbacks:\n  - {id: 1, type: min_balance, state: retrying}", "next_attempt: required for a callback that waits for a retry"},
		{base + "callbacks:\n  - {id: 1, type: min_balance, state: delivered, next_attempt: 2026-01-31}", "next_attempt: want none for a callback that is done"},
		{base + "callbacks:\n  - {id: 1, type: min_balance, attempts: -1}", "attempts: want at least 0"},
		{base + "callbacks:\n  - {id: 2, type: min_balance, batch: 3}", "batch: want an id of at most the callback's own"},
		{base + "callbacks:\n  - {id: 2, type: min_balance, last_status: -1}", "last_status: want 100 to 999, or none"},
		{base + "callbacks:\n  - {id: 1, type: min_balance, account_id: 9}", "account_id: there is no 9"},
		{base + "registrations:\n  - {id: 1, sip_username: a, proxy: b, state: successful, failing: true}", "failing: want none for a successful registration"},
		{"behaviour: {missing_role: 104}", "missing_role: want a text, found a number; put it in quotes"},
		{"behaviour: {missing_role: maybe}", "f:1:27: behaviour.missing_role: want one of authorization_failed, forbidden_command"},
		{"behaviour: {missing_roles: x}", "behaviour.missing_roles: unknown key; did you mean missing_role?"},
		{"registrar: {delay: soon}", "f:1:20: registrar.delay: want a duration such as 5s or 1h30m"},
		{"registrar: {delay: -5s}", "f:1:20: registrar.delay: want 0s to 24h"},
		{"registrar: {delay: 25h}", "f:1:20: registrar.delay: want 0s to 24h"},
		{"registrar: {expires: 5ms}", "f:1:22: registrar.expires: want 1s to 720h"},
		{"registrar: {rules: {proxy: x}}", "registrar.rules: want a list, found members"},
		{"registrar: {rules: [{prxy: x}]}", "f:1:22: registrar.rules[0].prxy: unknown key; did you mean proxy?"},
		{"registrar: {rules: [{}, {proxy: '[a'}]}", "f:1:33: registrar.rules[1].proxy: want a pattern such as *.example.com"},
		{"registrar: {rules: [{delay: -1s}]}", "registrar.rules[0].delay: want 0s to 24h"},
		{"registrar: {rules: [{expires: 721h}]}", "registrar.rules[0].expires: want 1s to 720h"},
		{"registrar: {rules: [{status_code: 299}]}", "registrar.rules[0].status_code: want 200 or 300 to 699"},
		{"registrar: {rules: [{answers: [200, 700]}]}", "registrar.rules[0].answers[1]: want 200 or 300 to 699"},
		{"registrar: {rules: [{answers: [busy]}]}", "registrar.rules[0].answers[0]: want an integer, found a text"},
		{"registrar: {rules: [{status_code: 403, answers: [200]}]}", "registrar.rules[0].answers: want either answers or status_code"},
		{"registrar: {rules: [{answers: [" + strings.Repeat("503, ", 100) + "200]}]}", "registrar.rules[0].answers: want at most 100"},
		{"clock: {start: noon}", "f:1:16: clock.start: want a moment such as"},
		{"clock: {start: 1969-12-31}", "f:1:16: clock.start: want a moment from 1970 to 2199"},
		{"clock: {stopped: 3}", "clock.stopped: want true or false, found a number"},
		{"billing: {monthly_fee: -1}", "f:1:24: billing.monthly_fee: want at least 0"},
		{"billing: {installation_fee: -1}", "billing.installation_fee: want at least 0"},
		{"billing: {tax_percent: 120}", "billing.tax_percent: want a percentage from 0 to 100 such as 20"},
		{"billing: {detach_after: -1h}", "billing.detach_after: want more than 0s"},
		{"accounts: [{id: 1, name: x, credit_limit: -1}]", "credit_limit: want at least 0"},
		{"accounts: [{id: 1, name: x, max_sip_registrations: -1}]", "max_sip_registrations: want at least 0; 0 is no limit"},
		{"accounts: [{id: 1, name: x, money_on_hold: 1}]", "f:1:44: money_on_hold: want 0.00, the sum of what the account's registrations hold, or nothing"},
		{"accounts: [{id: 1, name: x, balance: 999999999999, credit_limit: 1}]", "balance: want balance, money_on_hold and credit_limit to have at most twelve digits together"},
		{base + "keys:\n  - {id: a/b}", "id: want up to 100 letters, digits, dots, dashes and underscores"},
		{base + "keys:\n  - {id: a, roles: [Boss]}", "roles[0]: want one of Owner, Admin,"},
		{base + "keys:\n  - {id: a, private_key: nonsense}", "private_key: want an RSA key of at least 2048 bits as PKCS#8 PEM"},
		{base + "keys:\n  - {id: a, account_id: 7}", "account_id: there is no 7"},
		{"accounts: [{id: 1, name: a}, {id: 2, name: b}]\napplications: [{id: 1, name: x}]", "account_id: required, unless the file has exactly one account"},
		{base + "rules:\n  - {id: 1, name: x}", "f:9:1: rules: is given twice"},
		{"rules:\n  - {id: 1, name: x}", "application_id: required"},
		{"rules:\n  - {id: 1, name: x, application_id: 5}", "application_id: there is no 5"},
		{base + "registrations:\n  - {id: 1, proxy: b}", "sip_username: required"},
		{base + "registrations:\n  - {id: 1, sip_username: a, proxy: 'sip:b/c'}", "proxy: want host or host:port, or that and ;transport=udp, tcp or tls, without white space or slash"},
		{base + "registrations:\n  - {id: 1, sip_username: a, proxy: 'b;transport=sctp'}", "proxy: want host or host:port, or that and ;transport=udp, tcp or tls, without white space or slash"},
		{base + "registrations:\n  - {id: 1, sip_username: a, proxy: b, outbound_proxy: 'b;transport=tcp'}", "outbound_proxy: want host or host:port, without white space, slash or semicolon"},
		{base + "registrations:\n  - {id: 1, sip_username: a, proxy: b, state: successful, never_successful: true}", "never_successful: want none for a successful registration"},
		{"behaviour: {first_failure: loud}", "behaviour.first_failure: want one of silent, reported"},
		{base + "registrations:\n  - {id: 1, sip_username: a, proxy: b, rule_id: 11}", "rule_id: the rule belongs to application 10; name that as application_id"},
		{base + "registrations:\n  - {id: 1, sip_username: a, proxy: b, state: failed}", "status_code: want 300 to 699 for a failed registration"},
		{base + "registrations:\n  - {id: 1, sip_username: a, proxy: b, status_code: 200}", "status_code: want none unless the state is successful or failed"},
		{base + "registrations:\n  - {id: 1, sip_username: a, proxy: b, state: waiting}", "state: want one of in_progress, successful, failed, offline"},
		{base + "registrations:\n  - {id: 1, sip_username: a, proxy: b, state: successful, deactivated: true}", "state: want offline or none beside deactivated"},
		{base + "registrations:\n  - {id: 1, sip_username: a, proxy: b, state: successful, non_persistent: true, application_id: 10, user_id: 12}", "state: want offline or none beside non_persistent"},
		{base + "registrations:\n  - {id: 1, sip_username: a, proxy: b, due: 2026-01-31}", "due: want none unless the state is"},
		{base + "registrations:\n  - {id: 1, sip_username: a, proxy: b, state: failed, status_code: 403, due: 2200-01-01}", "due: want a moment from 1970 to 2199"},
		{base + "registrations:\n  - {id: 1, sip_username: a, proxy: b, answers: -1}", "answers: want at least 0"},
		{base + "registrations:\n  - {id: 1, sip_username: a, proxy: b, error_message: x}", "error_message: want none unless the state is failed"},
		{base + "registrations:\n  - {id: 1, sip_username: a, proxy: b, purchase_date: yesterday}", "purchase_date: want a moment such as"},
		{base + "registrations:\n  - {id: 1, sip_username: a, proxy: b, application_id: 10, user_id: 12}\n  - {id: 2, sip_username: a, proxy: b, application_id: 10, user_id: 12}", "user_id: already used by 1"},
		{base + "registrations:\n  - {id: 1, sip_username: " + strings.Repeat("x", 256) + ", proxy: b}", "sip_username: want at most 255 characters"},
		{base + "registrations:\n  - {id: 1, sip_username: a, proxy: b, money_on_hold: -1}", "money_on_hold: want at least 0"},
		{base + "registrations:\n  - {id: 1, sip_username: a, proxy: b, deactivated: true, money_on_hold: 1}", "money_on_hold: want 0 beside deactivated"},
		{base + "registrations:\n  - {id: 1, sip_username: a, proxy: b, detach_date: 2026-01-01}", "detach_date: want none unless the registration is deactivated"},
		{base + "registrations:\n  - {id: 1, sip_username: a, proxy: b, renewal_day: 32}", "renewal_day: want 1 to 31"},
		{base + "transactions:\n  - {id: 1, amount: 1}", "type: required"},
		{base + "transactions:\n  - {id: 1, amount: 1, type: theft}", "type: want one of card_payment, subscription_installation_charge,"},
		{base + "transactions:\n  - {id: 1, amount: 1, type: refund, currency: GBP}", "currency: want one of USD, EUR, RUR"},
		{base + "transactions:\n  - {id: 1, amount: 1, type: refund, sip_registration_id: -1}", "sip_registration_id: want a positive integer, or none"},
		{"seed: 1.5", "f:1:7: seed: want an integer, found a number"},
		{"faults: {}", "f:1:9: faults: want a list, found members"},
		{"faults: [{then: {hang: {}}}]", "f:1:10: name: want 1 to 64 letters, digits, dots, dashes or underscores"},
		{"faults: [{name: a}]", "f:1:10: then: want one kind of fault (and delay beside it if wanted), found 0; known: api_error, http,"},
		{"faults: [{name: a, then: {hang: {}, reset: {}}}]", "f:1:26: then: want one kind of fault"},
		{"faults: [{name: a, then: {hang: 3}}]", "then.hang: want members"},
		{"faults: [{name: a, then: {hangs: {}}}]", "then.hangs: unknown key; did you mean hang?"},
		{"faults: [{name: a, times: 0, then: {hang: {}}}]", "f:1:27: times: want an integer of at least 1; leave it out for no limit"},
		{"faults: [{name: a, times: [1], then: {hang: {}}}]", "f:1:27: times: want a text or a number, found a list"},
		{"faults: [{name: a, then: {hang: {}}}, {name: a, then: {hang: {}}}]", "id a is given twice in this file"},
		{"faults:\n  - name: a\n    when: {method: GetSipRegistration}\n    then: {hang: {}}", "f:3:20: when.method: no method is named \"GetSipRegistration\"; did you mean GetSipRegistrations?"},
		{"faults:\n  - name: a\n    when: {parameters: {proxy: sip.example.com}}\n    then: {hang: {}}", "f:3:32: when.parameters.proxy: no selected method has this parameter; known: account_id, sip_username"},
		{"faults:\n  - name: a\n    when: {parameters: {account_id: 1}}\n    then: {hang: {}}", "f:3:37: when.parameters.account_id: want a text, found a number; put it in quotes"},
		{"faults: [{name: a, when: {headers: {cookie: '*'}}, then: {hang: {}}}]", "f:1:36: when.headers: Cookie is a secret"},
		{"faults: [{name: a, when: {probability: 2}, then: {hang: {}}}]", "f:1:40: when.probability: want a number from 0 (never) to 1 (always)"},
		{"faults: [{name: a, when: {probability: often}, then: {hang: {}}}]", "f:1:40: when.probability: want a number such as 0.3, found a text"},
		{"faults: [{name: a, when: {from: -5m}, then: {hang: {}}}]", "f:1:33: when.from: want a moment such as 2026-01-31T12:00:00Z, or an offset from the load such as 10m"},
		{"faults: [{name: a, then: {api_error: POOR}}]", "f:1:38: then.api_error: the API has no error \"POOR\""},
		{"faults: [{name: a, then: {http: {status: '200'}}}]", "f:1:42: then.http.status: want an integer, found a text"},
		{"faults: [{name: a, then: {http: {headers: {Location: x}}}}]", "f:1:33: then.http.status: want an HTTP status from 200 to 599"},
		{"faults: [{name: a, then: {http: {status: 429, headers: {Content-Length: '3'}}}}]", "f:1:73: then.http.headers.Content-Length: follows from the body"},
		{"faults: [{name: a, then: {delay: {fixed: 3}}}]", "f:1:42: then.delay.fixed: want a duration of at least 0 such as 200ms"},
		{"generate: {count: 3}", "f:1:11: generate: want a list, found members"},
		{"generate: [{count: 3}]", "f:1:20: count: want a user or a registration beside it"},
		{"generate: [{count: 0, user: {id: 1, name: a}}]", "f:1:20: count: want 1 to 100000"},
		{"generate: [{count: 2, rule: {id: 1, name: a}}]", "f:1:23: rule: unknown key; known here: count, user, registration"},
		{"generate: [{count: 60000, user: {id: 1, name: a}}, {count: 60000, user: {id: 100000, name: a}}]", "f:1:60: count: want 1 to 100000, all together"},
		{"generate: [{count: 2, user: {id: 1, name: '{id}" + strings.Repeat("x", 252) + "'}}]", "f:1:34: id: want at most 255 bytes in a text with {id}"},
		{base + "generate: [{count: 2, user: {id: 20, name: a}}]", "f:9:44: name: already used by 20"},
		{base + "generate: [{count: 2, registration: {id: 20, sip_username: a}}]", "f:9:37: proxy: required"},
		{base + "generate:\n  - {count: 3, user: {id: 20, application_id: 10, name: 'u{id}'}}\n  - {count: 3, user: {id: 22, application_id: 10, name: 'v{id}'}}", "f:11:27: id: makes users that an earlier entry of this file makes; choose other ids"},
		{"accounts: [{id: 1, name: \"a\\0b\"}]", "f:1:26: name: want UTF-8 without NUL"},
		{"a: [", "f:1:5: no YAML:"},
		{"description: x\n---\ndescription: y", "f:2:1: holds several documents"},
		{"description: x\n---", "f:2:1: holds several documents"},
		{"\xff\xfe", "f: is UTF-16; want UTF-8"},
		{"description: \"a\x00b\"", "f: is no UTF-8 text"},
	} {
		_, err := reader.Read(source("f", c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q:\n got %v\nwant %s", c.text, err, c.want)
		}
	}
}

func TestAllMistakesOfAllFilesComeAtOnceInOrder(t *testing.T) {
	_, err := scenarios.Read(
		source("one", "accounts:\n  - {id: x, name: 7}\nkey: []\n"),
		source("two", "registrar: {delay: soon}\n"),
	)
	const want = `one:2:10: id: want an integer, found a text
   2 |   - {id: x, name: 7}
                ^
one:2:19: name: want a text, found a number; put it in quotes
   2 |   - {id: x, name: 7}
                         ^
one:3:1: key: unknown key; did you mean keys?
   3 | key: []
       ^
two:1:20: registrar.delay: want a duration such as 5s or 1h30m
   1 | registrar: {delay: soon}
                          ^`
	if err == nil {
		t.Fatal("accepted")
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("mistakes (-want +got):\n%s", diff)
	}
}

func TestSecretsDoNotAppearInExcerpts(t *testing.T) {
	for _, text := range []string{
		"accounts:\n  - {id: x, name: demo, api_key: hunter2}",
		"registrations:\n  - {id: 1, password: hunter2, proxy: 7}",
		"accounts:\n  - id: 1\n    \"api_key\":   [hunter2]",
		"keys:\n  - id: a\n    private_key: hunter2",
		"accounts:\n  - {id: 1, api_key: hunter2",
		"registrar: {rules: [{password: hunter2, prxy: x}]}",
	} {
		_, err := scenarios.Read(source("f", text))
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestLaterFilesReplaceRowsAndSettings(t *testing.T) {
	got, err := scenarios.Read(
		source("one", base+"billing: {monthly_fee: 2.00}\nregistrar: {delay: 5s}\nbehaviour: {missing_role: forbidden_command}\n"),
		source("two", "description: second\naccounts:\n  - {id: 1, name: other, balance: 3}\nregistrar: {delay: 7s}\nusers: [{id: 13, application_id: 10, name: bob}]\n"),
		source("three", ""),
		source("four", "# only a comment\n"),
	)
	if err != nil {
		t.Fatal(err)
	}
	if got.Description != "second" || got.Registrar.Delay != 7*time.Second || got.Billing.MonthlyFee.String() != "2.00" ||
		got.Behaviour.MissingRole != vox.MissingRoleForbiddenCommand {
		t.Errorf("settings %+v of %q", got.Settings, got.Description)
	}
	three, err := vox.ParseMoney("3")
	if err != nil {
		t.Fatal(err)
	}
	want := []vox.Account{{ID: 1, Name: "other", Balance: three, Currency: "USD"}}
	if diff := cmp.Diff(want, got.Accounts); diff != "" || len(got.Users) != 2 {
		t.Errorf("%d users, accounts (-want +got):\n%s", len(got.Users), diff)
	}
}

func TestRowsWithoutAnAccountBelongToTheirFilesOnlyAccount(t *testing.T) {
	got, err := scenarios.Read(
		source("one", base+"keys: [{id: a}]"),
		source("two", "keys: [{id: b}]"),
		source("three", "accounts: [{id: 2, name: other}]\nkeys: [{id: c}]\nregistrations: [{id: 1, sip_username: a, proxy: b}]"),
	)
	if err != nil {
		t.Fatal(err)
	}
	want := []vox.Key{{ID: "a", AccountID: 1}, {ID: "b", AccountID: 1}, {ID: "c", AccountID: 2}}
	if diff := cmp.Diff(want, got.Keys); diff != "" || got.Registrations[0].AccountID != 2 {
		t.Errorf("registration of account %d, keys (-want +got):\n%s", got.Registrations[0].AccountID, diff)
	}
}

func TestWhatIsLeftOutIsFilled(t *testing.T) {
	got, err := scenarios.Read(source("f", base+`
registrations:
  - {id: 1, sip_username: a, proxy: b}
  - {id: 2, sip_username: a, proxy: b, state: successful}
  - {id: 3, sip_username: a, proxy: b, deactivated: true}
`))
	if err != nil {
		t.Fatal(err)
	}
	fee, err := vox.ParseMoney("1")
	if err != nil {
		t.Fatal(err)
	}
	row := vox.Registration{AccountID: 1, SIPUsername: "a", Proxy: "b", Price: fee, MoneyOnHold: fee}
	first, second, third := row, row, row
	first.ID = 1 // set when it is loaded
	second.ID, second.State, second.StatusCode = 2, vox.Successful, 200
	third.ID, third.Deactivated = 3, true
	third.MoneyOnHold = vox.Money{}
	if diff := cmp.Diff([]vox.Registration{first, second, third}, got.Registrations); diff != "" {
		t.Errorf("registrations (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]vox.Rule{{ID: 11, AccountID: 1, ApplicationID: 10, Name: "in", Pattern: ".*"}}, got.Rules); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]vox.User{{ID: 12, AccountID: 1, ApplicationID: 10, Name: "alice", DisplayName: "alice"}}, got.Users); diff != "" {
		t.Errorf("users (-want +got):\n%s", diff)
	}
}

func TestEveryBuiltInScenarioLoadsAndSurvivesARoundTrip(t *testing.T) {
	if len(scenarios.Names()) == 0 {
		t.Fatal("nothing built in")
	}
	for _, name := range scenarios.Names() {
		first, err := scenarios.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		roundTrip(t, first)
	}
}

func roundTrip(t *testing.T, first scenarios.Scenario) {
	t.Helper()
	text, err := first.YAML()
	if err != nil {
		t.Fatal(err)
	}
	second, err := scenarios.Read(scenarios.Source{Name: "again", Text: text})
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if reflect.DeepEqual(first, second) { // cmp takes seconds for thousands of rows
		return
	}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("after a round trip (-before +after):\n%s", diff)
	}
}

func TestWhatIsFreeStaysFree(t *testing.T) {
	free, err := scenarios.Read(source("f", base+`
billing: {monthly_fee: 0, tax_percent: 0}
registrations: [{id: 1, sip_username: a, proxy: b}, {id: 2, sip_username: a, proxy: b, subscription_price: 3}]
`))
	if err != nil {
		t.Fatal(err)
	}
	roundTrip(t, free)
	if a, r := free.Accounts[0], free.Registrations; a.MoneyOnHold.String() != "3.00" || !r[0].Price.IsZero() || r[1].Price.String() != "3.00" {
		t.Errorf("%s on hold for registrations of %s and %s, want 3.00 for 0.00 and 3.00", a.MoneyOnHold, r[0].Price, r[1].Price)
	}
}

func TestRegistrationsHoldTheirPriceAndItsTaxUnlessTheFileSaysOtherwise(t *testing.T) {
	got, err := scenarios.Read(source("f", base+`
billing: {monthly_fee: 2, tax_percent: 7.5}
registrations:
  - {id: 1, sip_username: a, proxy: b}
  - {id: 2, sip_username: a, proxy: b, money_on_hold: 0.50}
  - {id: 3, sip_username: a, proxy: b, deactivated: true}
transactions: [{id: 4, type: subscription_charge, amount: -0.50, sip_registration_id: 2}]
`))
	if err != nil {
		t.Fatal(err)
	}
	var held []string
	for _, r := range got.Registrations {
		held = append(held, r.MoneyOnHold.String())
	}
	if diff := cmp.Diff([]string{"2.15", "0.50", "0.00"}, held); diff != "" || got.Accounts[0].MoneyOnHold.String() != "2.65" {
		t.Errorf("account holds %s, registrations (-want +got):\n%s", got.Accounts[0].MoneyOnHold, diff)
	}
	if booked := got.Transactions[0]; booked.AccountID != 1 || booked.Currency != "USD" {
		t.Errorf("transaction of account %d in %s, want 1 and its currency", booked.AccountID, booked.Currency)
	}
	roundTrip(t, got)
}

func TestTextsWithLineBreaksSurviveARoundTrip(t *testing.T) {
	for _, text := range []string{`" \n"`, `"\n"`, `"a\n"`, `"a\n\n"`, `" a\n b\n"`, `"\ta\nb"`, `"a \nb"`, `"#a\n-b: c\n"`} {
		s, err := scenarios.Read(source("f", base+"registrations:\n  - {id: 1, sip_username: "+text+", proxy: b}\n"))
		if err != nil {
			t.Fatal(err)
		}
		roundTrip(t, s)
	}
}

func TestTextsThatYAMLCouldTakeForSomethingElseSurviveARoundTrip(t *testing.T) {
	for _, text := range []string{
		"*", "~", "null", "yes", "007", "1e3", "0x1F", "1_000", "2026-01-31", "- a", "a: b #c", "a:", "a#", " a ", "a ", "'", `"`, "{id}", "ü", "\\",
		"---", "...", "--- a", "-", "?", "? a", "|", ">", "!a", "&a", "%a", "@", "`", "<<", "# a", "[", "]", ",", ":", ": a", "!!str a",
		"\ta", "a\t", "a\r", "a\r\nb", "\u0085", "\u2028", "<b>&amp;</b>", "\U0001F600",
	} {
		first, err := scenarios.Read(source("f", base))
		if err != nil {
			t.Fatal(err)
		}
		first.Description, first.Accounts[0].CustomData = text, text
		first.Faults = []fault.Rule{{
			Name: "rule", When: fault.When{Encoding: "json"},
			Then: fault.Do(fault.HTTP{Status: 200, Body: text}),
		}}
		written, err := first.YAML()
		if err != nil {
			t.Fatal(err)
		}
		second, err := scenarios.Read(source("again", string(written)))
		if !reflect.DeepEqual(first.Faults, second.Faults) || second.Description != text || second.Accounts[0].CustomData != text {
			t.Errorf("%q, %v in\n%s", text, err, written)
		}
	}
}

func TestAnUnknownNameSaysWhatIsBuiltIn(t *testing.T) {
	_, err := scenarios.Load("dmeo")
	if err == nil || !strings.Contains(err.Error(), "demo") {
		t.Errorf("error %v", err)
	}
	if _, err := scenarios.Load(); err == nil {
		t.Error("no name was accepted")
	}
}

// endless is a file system whose only file is like /dev/zero.
type endless struct{}

func (endless) Open(string) (fs.File, error)          { return zeros{}, nil }
func (endless) Stat(name string) (fs.FileInfo, error) { return fs.Stat(fstest.MapFS{name: {}}, name) }

type zeros struct{ fs.File }

func (zeros) Read(p []byte) (int, error) { return len(p), nil }
func (zeros) Close() error               { return nil }

func TestAFileWithoutEndIsNotReadToItsEnd(t *testing.T) {
	if _, err := scenarios.LoadFS(endless{}, "zero.yaml"); err == nil || !strings.Contains(err.Error(), "more than 16777216 bytes") {
		t.Errorf("error %v", err)
	}
}

// The library's parser would take minutes, or the whole stack.
func TestMistakesWithoutNumberAreCountedInBoundedTime(t *testing.T) {
	for why, c := range map[string]struct{ text, want string }{
		"many mistakes": {"accounts: [" + strings.Repeat("1, ", 5000) + "1]", " mistakes more"},
		"many members":  {strings.Repeat("a: 1\n", 100_000), " mistakes more"},
		"deep brackets": {strings.Repeat("[", 100_000), "f:1:101: is nested more than 100 levels deep"},
		"deep dashes":   {strings.Repeat("- ", 100_000), "is nested more than 100 levels deep"},
		"a long key":    {strings.Repeat("k", 100_000) + ": 1", strings.Repeat("k", 255) + "…: unknown key"},
	} {
		_, err := scenarios.Read(source("f", c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %.300v, want %s", why, err, c.want)
		}
		var all vox.Mistakes
		if errors.As(err, &all); len(all) > 101 {
			t.Errorf("%s: %d mistakes are told", why, len(all))
		}
	}
}

func TestRowsWithoutNumberAreNoMembers(t *testing.T) {
	rows := strings.Repeat("- {id: 1,\n   amount: 1, type: refund}\n", 2000) + strings.Repeat("- id: 1\n  type: refund\n", 2000)
	if _, err := scenarios.Read(source("f", base+"transactions:\n"+rows)); err == nil || !strings.Contains(err.Error(), "id 1 is given twice") {
		t.Errorf("error %.300v", err)
	}
}

func TestAByteOrderMarkIsNotPartOfTheFirstKey(t *testing.T) {
	if _, err := scenarios.Read(source("f", "\uFEFF"+base)); err != nil {
		t.Error(err)
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range scenarios.Names() {
		if name == "many" { // takes its time, and what it has is below
			continue
		}
		text, _ := scenarios.Builtin(name)
		f.Add(text)
	}
	f.Add([]byte(base + "registrations:\n  - {id: 1, sip_username: \"a: #b\\n\", proxy: '~', error_message: '', password: '0x1F'}"))
	f.Add([]byte(base + "billing: {monthly_fee: 0, tax_percent: 20}\nregistrations:\n  - {id: 1, sip_username: a, proxy: b, subscription_price: 3}\n" +
		"transactions:\n  - {id: 1, type: subscription_charge, amount: -3.60, sip_registration_id: 1}"))
	f.Add([]byte(base + "generate: [{count: 3, registration: {id: 1, sip_username: 'a{id}', proxy: b}}]\n" +
		"seed: -1\nfaults: [{name: a, when: {from: 10m, probability: 0.1, headers: {a: \"b\\n\"}}, then: {http: {status: 502, body: \"a\\nb \"}, delay: {max: 1s}}}]"))
	f.Add([]byte("a: &a [*a]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if s, err := scenarios.Read(scenarios.Source{Name: "f", Text: text}); err == nil {
			roundTrip(t, s)
		}
	})
}

func BenchmarkReadDemo(b *testing.B) {
	for b.Loop() {
		if _, err := scenarios.Load("demo"); err != nil {
			b.Fatal(err)
		}
	}
}

func TestAScenarioMayBeJSON(t *testing.T) {
	const text = `{"description": "caf\u00e9 \ud83d\ude00", "billing": {"monthly_fee": "2.00"}, "registrar": {"delay": "5s"},
		"accounts": [{"id": 1, "name": "demo", "balance": "1.50"}],
		"registrations": [{"id": 2, "sip_username": "a", "proxy": "b", "purchase_date": "2026-01-31T00:00:00Z"}]}`
	got, err := scenarios.Read(scenarios.Source{Name: "json", Text: []byte(text)})
	if err != nil {
		t.Fatal(err)
	}
	want, err := scenarios.Read(scenarios.Source{Name: "yaml", Text: []byte(`
description: café 😀
billing: {monthly_fee: 2.00}
registrar: {delay: 5s}
accounts: [{id: 1, name: demo, balance: 1.50}]
registrations: [{id: 2, sip_username: a, proxy: b, purchase_date: 2026-01-31T00:00:00Z}]
`)})
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-YAML +JSON):\n%s", err, diff)
	}
}

func TestRowsWithReadableMembersAreJudgedBesideUnreadableOnes(t *testing.T) {
	_, err := reader.Read(
		source("one", "accounts:\n  - {id: 1, name: 7}\nregistrations:\n  - {id: 1, sip_username: a, proxy: b/c}\n"),
		source("two", "faults:\n  - {name: a b, times: 0, then: {hang: {}}}\n  - {name: c, when: {method: Get}, then: {api_error: 1}}\n"),
	)
	var got []string
	var mistakes vox.Mistakes
	errors.As(err, &mistakes)
	for _, c := range mistakes {
		got = append(got, fmt.Sprintf("%s:%d:%d: %s", c.File, c.Line, c.Column, c.Text()))
	}
	want := []string{
		"one:2:19: name: want a text, found a number; put it in quotes",
		"one:4:37: proxy: want host or host:port, or that and ;transport=udp, tcp or tls, without white space or slash",
		"two:2:24: times: want an integer of at least 1; leave it out for no limit",
		`two:3:30: when.method: no method is named "Get"; known: GetSipRegistrations`,
		`two:3:54: then.api_error: the API has no error "1"; want a name or a code of openapi.yaml's x-errors, such as INSUFFICIENT_MONEY or 127`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mistakes (-want +got):\n%s", diff)
	}
}

func TestFaultRulesKeepTheirOrderAndReplaceThoseOfTheirName(t *testing.T) {
	got, err := reader.Read(
		source("one", base+"seed: 4\nfaults: [{name: z, then: {hang: {}}}, {name: a, then: {reset: {}}}]"),
		source("two", "faults: [{name: m, then: {empty_body: {}}}, {name: z, then: {api_error: 127}}]"),
	)
	if err != nil {
		t.Fatal(err)
	}
	want := []fault.Rule{
		{Name: "z", Then: fault.Do(fault.APIError("127"))},
		{Name: "a", Then: fault.Do(fault.Reset{})},
		{Name: "m", Then: fault.Do(fault.EmptyBody{})},
	}
	if diff := cmp.Diff(want, got.Faults); diff != "" || got.Seed != 4 {
		t.Errorf("seed %d, rules (-want +got):\n%s", got.Seed, diff)
	}
	roundTrip(t, got)
	if diff := cmp.Diff(want, got.WithoutSecrets().Faults); diff != "" {
		t.Errorf("without secrets:\n%s", diff)
	}
}

func TestEveryMemberOfAFaultRuleIsRead(t *testing.T) {
	got, err := scenarios.Read(source("f", base+`
faults:
  - name: everything
    when:
      method: CreateSipRegistration
      parameters: {proxy: "*.example.com", sip_username: a}
      account: 1
      key: owner-key
      headers: {User-Agent: "test/*"}
      encoding: urlencoded
      from: 10m
      until: 1h
      nth: 2
      every: 3
      first: 4
      skip: 5
      probability: 1
    then:
      http:
        status: 502
        headers: {Content-Type: text/html}
        body: |
          <h1>Bad
          Gateway</h1>
      delay: {median: 200ms, sigma: 0.5, max: 5s}
    after: true
    times: 6
    optional: true
  - name: day
    when: {until: 2026-02-01}
    then: {slow_body: {over: 1s, chunks: 3}}
  - {name: kind, then: {content_type: text/html}}
  - {name: point, then: {close: {after_sending: body}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	want := []fault.Rule{
		{
			Name: "everything",
			When: fault.When{
				Method: "CreateSipRegistration", Parameters: map[string]string{"proxy": "*.example.com", "sip_username": "a"},
				Account: 1, Key: "owner-key", Headers: map[string]string{"User-Agent": "test/*"}, Encoding: "urlencoded",
				From: fault.In(10 * time.Minute), Until: fault.In(time.Hour), Nth: 2, Every: 3, First: 4, Skip: 5, Probability: new(1.0),
			},
			Then: fault.Do(
				fault.HTTP{Status: 502, Headers: map[string]string{"Content-Type": "text/html"}, Body: "<h1>Bad\nGateway</h1>\n"},
				fault.Delay{Median: fault.Duration(200 * time.Millisecond), Sigma: 0.5, Max: fault.Duration(5 * time.Second)},
			),
			After: true, Times: 6, Optional: true,
		},
		{
			Name: "day", When: fault.When{Until: fault.At(time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC))},
			Then: fault.Do(fault.SlowBody{Over: fault.Duration(time.Second), Chunks: 3}),
		},
		{Name: "kind", Then: fault.Do(fault.ContentType("text/html"))},
		{Name: "point", Then: fault.Do(fault.Close{AfterSending: fault.Body})},
	}
	if diff := cmp.Diff(want, got.Faults); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
	roundTrip(t, got)
}

func TestGeneratedRowsAreRowsLikeAllOthers(t *testing.T) {
	const many = base + `
registrations:
  - {id: 31, sip_username: other, proxy: b}
generate:
  - count: 3
    user: {id: 20, application_id: 10, name: "user-{id}"}
    registration: {id: 30, sip_username: "user-{id}", proxy: "pbx-{id}.example.com", password: "{id}"}
`
	got, err := scenarios.Read(source("one", many), source("two", "users: [{id: 21, application_id: 10, name: replaced}]"))
	if err != nil {
		t.Fatal(err)
	}
	const plain = base + `  - {id: 20, application_id: 10, name: user-20}
  - {id: 21, application_id: 10, name: replaced}
  - {id: 22, application_id: 10, name: user-22}
registrations:
  - {id: 30, sip_username: user-30, proxy: pbx-30.example.com, password: "30"}
  - {id: 31, sip_username: other, proxy: b}
  - {id: 32, sip_username: user-32, proxy: pbx-32.example.com, password: "32"}
`
	want, err := scenarios.Read(source("plain", plain))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	roundTrip(t, got)
}

func BenchmarkReadMany(b *testing.B) {
	for b.Loop() {
		if _, err := scenarios.Load("many"); err != nil {
			b.Fatal(err)
		}
	}
}

// The same rows as an export lists them.
func BenchmarkReadManyWrittenOut(b *testing.B) {
	many, err := scenarios.Load("many")
	if err != nil {
		b.Fatal(err)
	}
	text, err := many.YAML()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := scenarios.Read(scenarios.Source{Name: "many", Text: text}); err != nil {
			b.Fatal(err)
		}
	}
}
