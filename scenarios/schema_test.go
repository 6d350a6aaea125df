package scenarios_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	validator "github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/scenarios"
	"github.com/voxemu/voxemu/scenarios/document"
)

var update = flag.Bool("update", false, "rewrite the schemas")

func TestTheSchemasAreThoseOfTheTypes(t *testing.T) {
	for name, want := range generateSchemas(t) {
		if *update {
			if err := os.WriteFile(name, want, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		got, err := os.ReadFile(name)
		if diff := cmp.Diff(string(want), string(got)); err != nil || diff != "" {
			t.Errorf("%s is not that of the types; rewrite it with -update (-types +file): %v\n%s", name, err, diff)
		}
	}
}

func TestEveryBuiltInScenarioFitsTheSchemaAndNamesIt(t *testing.T) {
	schema := compileSchema(t, "scenario")
	for _, name := range scenarios.Names() {
		text, _ := scenarios.Builtin(name)
		if !strings.HasPrefix(string(text), "# yaml-language-server: $schema=scenario.schema.json\n") {
			t.Errorf("%s does not name its schema in the first line", name)
		}
		if err := schema.Validate(valuesOf(t, text)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

const (
	one          = "accounts: [{id: 1, name: demo}]\n"
	registration = one + "registrations: [{id: 1, sip_username: a, proxy: b, "
)

func TestTheSchemaRefusesWhatTheReaderRefuses(t *testing.T) {
	reader, err := emulator.ScenarioReader()
	if err != nil {
		t.Fatal(err)
	}
	schema := compileSchema(t, "scenario")
	for _, text := range []string{
		"acounts: []",
		"accounts: [{name: demo}]",
		"accounts: [{id: one, name: demo}]",
		"accounts: [{id: 1, name: demo, speed: 3}]",
		"accounts: [{id: 1, name: 7}]",
		"accounts: [{id: 0, name: demo}]",
		"accounts: [{id: 1, name: \"\"}]",
		"accounts: [{id: 1, name: demo, currency: GBP}]",
		"accounts: [{id: 1, name: demo, currency: \"\"}]",
		"accounts: [{id: 1, name: demo, credit_limit: -1}]",
		"accounts: [{id: 1, name: demo, credit_limit: \"-1.00\"}]",
		"accounts: [{id: 1, name: demo, balance: 1000000000000}]",
		"accounts: [{id: 1, name: demo, max_sip_registrations: -1}]",
		"accounts: [{id: 1, name: demo, callback_url: \"ftp://h/x\"}]",
		"accounts: [{id: 1, name: demo, created: tomorrow}]",
		registration + "status_code: 900}]",
		registration + "status_code: 403}]",
		registration + "state: failed}]",
		registration + "state: failed, status_code: 200}]",
		registration + "state: successful, status_code: 403}]",
		registration + "state: ready}]",
		registration + "state: successful, deactivated: true}]",
		registration + "error_message: Forbidden}]",
		registration + "due: 2026-03-01}]",
		registration + "detach_date: 2026-03-01}]",
		registration + "renewal_day: 32}]",
		registration + "outbound_proxy: a/b}]",
		registration + "last_updated: 1969-01-01}]",
		"registrations: [{id: 1, sip_username: a, proxy: \"sip:b\", account_id: -1}]",
		"registrations: [{id: 1, sip_username: a, proxy: b;transport=sctp}]",
		one + "transactions: [{id: 1, type: gift_card, amount: 1}]",
		one + "transactions: [{id: 1, type: refund}]",
		one + "transactions: [{id: 1, type: refund, amount: 1, currency: GBP}]",
		one + "callbacks: [{id: 1, type: sip_registration_fial}]",
		one + "callbacks: [{id: 1, type: min_balance, state: lost}]",
		one + "callbacks: [{id: 1, type: min_balance, last_status: 99}]",
		one + "callbacks: [{id: 1, type: min_balance, state: retrying}]",
		one + "callbacks: [{id: 1, type: min_balance, detail: \"[]\"}]",
		one + "keys: [{id: \"a b\"}]",
		one + "keys: [{id: a, roles: [\"\"]}]",
		one + "sessions: [{session_id: short}]",
		one + "authorized_ips: [{id: 1, network: localhost}]",
		one + "audit_log: [{id: 1, command: AddUser, result: \"[]\"}]",
		"billing: {tax_percent: 101}",
		"billing: {tax_percent: -1}",
		"billing: {monthly_fee: -1}",
		"billing: {monthly_fee: free}",
		"billing: {detach_after: -1h}",
		"clock: {start: 2026-13-01}",
		"clock: {start: 2300-01-01}",
		"registrar: {delay: 5}",
		"registrar: {delay: -5s}",
		"registrar: {rules: [{status_code: 100}]}",
		"registrar: {rules: [{status_code: 403, answers: [200]}]}",
		"registrar: {rules: [{answers: [700]}]}",
		"extends: demoo",
		"extends: notes.txt",
		"faults: [{name: a, then: {}}]",
		"faults: [{name: a, then: {hang: {}, reset: {}}}]",
		"faults: [{name: a, then: {hang: {}, reset: {}, delay: {fixed: 1s}}}]",
		"faults: [{name: a, when: {method: CreateSipRegistratio}, then: {hang: {}}}]",
		"faults: [{name: a, when: {parameters: {color: red}}, then: {hang: {}}}]",
		"faults: [{name: a, when: {parameters: {api_key: x}}, then: {hang: {}}}]",
		"faults: [{name: a, when: {headers: {AUTHORIZATION: x}}, then: {hang: {}}}]",
		"faults: [{name: a, when: {account: -1}, then: {hang: {}}}]",
		"faults: [{name: a, when: {probability: 1.5}, then: {hang: {}}}]",
		"faults: [{name: a, when: {nth: 0}, then: {hang: {}}}]",
		"faults: [{name: a, then: {api_error: NO_MONEY}}]",
		"faults: [{name: a, then: {api_error: 9999}}]",
		"faults: [{name: a, then: {api_error: INVALID on color}}]",
		"faults: [{name: a, then: {http: {status: 600}}}]",
		"faults: [{name: a, then: {http: {status: 204, body: x}}}]",
		"faults: [{name: a, then: {http: {status: 200, headers: {content-length: \"3\"}}}}]",
		"faults: [{name: a, then: {http: {}}}]",
		"faults: [{name: a, then: {rate_limit: {calls: 0}}}]",
		"faults: [{name: a, then: {rate_limit: {calls: 1, status: 302}}}]",
		"faults: [{name: a, then: {rate_limit: {calls: 1}}, after: true}]",
		"faults: [{name: a, then: {slow_body: {over: 0s}}}]",
		"faults: [{name: a, then: {slow_body: {over: 1s, chunks: 10001}}}]",
		"faults: [{name: a, then: {delay: {min: 1s}}}]",
		"faults: [{name: a, then: {delay: {median: 1s, sigma: 11}}}]",
		"faults: [{name: a, then: {content_type: \"\"}}]",
		"faults: [{name: a b, then: {hang: {}}}]",
		"generate: [{count: 0, registration: {id: 1, sip_username: a, proxy: b}}]",
		"generate: [{count: 2}]",
		"rules: [{id: 1, name: r, application_id: 0}]",
		"keys: [{id: a, roles: [Boss]}]",
		"behaviour: {missing_role: maybe}",
		"seed: many",
		"faults: [{name: a, then: {hangs: {}}}]",
		"faults: [{name: a}]",
		"faults: [{name: a, then: {hang: {}}, times: 0}]",
		"faults: [{name: a, when: {from: tomorrow}, then: {hang: {}}}]",
		"faults: [{name: a, when: {encoding: xml}, then: {hang: {}}}]",
		"faults: [{name: a, when: {parameters: {proxy: 1}}, then: {hang: {}}}]",
		"faults: [{name: a, when: {probability: often}, then: {hang: {}}}]",
		"faults: [{name: a, then: {close: {after_sending: all}}}]",
		"generate: [{count: 2, registrations: {}}]",
		"generate: [{registration: {id: 1, sip_username: a, proxy: b}}]",
	} {
		if _, err := reader.Read(source("f", text)); err == nil {
			t.Errorf("%s: the reader accepts it", text)
		}
		if err := schema.Validate(valuesOf(t, []byte(text))); err == nil {
			t.Errorf("%s: the schema accepts it", text)
		}
	}
}

func TestFilesOfRulesAndExpectationsHaveSchemas(t *testing.T) {
	for _, c := range []struct {
		schema, text string
		fits         bool
	}{
		{"rule", "then: {hang: {}}", true},
		{"rule", "name: a\nwhen: {method: Get*}\nthen: {api_error: 127, delay: {fixed: 1s}}", true},
		{"rule", "when: {method: GetNothing}\nthen: {hang: {}}", false},
		{"rule", "then: {hang: {}, close: {}}", false},
		{"rule", "then: {api_error: NO_MONEY}", false},
		{"rule", "when: {}", false},
		{"expectation", "filter: {method: CreateSipRegistration, parameters: {proxy: {pattern: x}, password: {given: true}, auth_user: 7}}\ntimes: {min: 1, max: 2}", true},
		{"expectation", "filter: {code: 0, kind: call, mistake: any, callback_type: min_balance, error: INSUFFICIENT_MONEY}", true},
		{"expectation", "filter: {method: CreateSipRegistratio}", false},
		{"expectation", "filter: {error: NO_MONEY}", false},
		{"expectation", "filter: {code: 9999}", false},
		{"expectation", "filter: {mistake: bad}", false},
		{"expectation", "filter: {callback_type: sip_registration_fial}", false},
		{"expectation", "filter: {parameters: {proxy: {matches: x}}}", false},
		{"expectation", "filter: {since: yesterday}", false},
		{"expectation", "times: {min: -1}", false},
		{"expectation", "time: 1", false},
	} {
		if err := compileSchema(t, c.schema).Validate(valuesOf(t, []byte(c.text))); (err == nil) != c.fits {
			t.Errorf("%s: %s: %v", c.schema, c.text, err)
		}
	}
}

func compileSchema(t *testing.T, name string) *validator.Schema {
	t.Helper()
	parsed, err := validator.UnmarshalJSON(bytes.NewReader(schemaNamed(name)))
	if err != nil {
		t.Fatal(err)
	}
	compiler := validator.NewCompiler()
	if err := compiler.AddResource("scenario.schema.json", parsed); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile("scenario.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// valuesOf returns the values of a YAML text as those of JSON.
func valuesOf(t *testing.T, text []byte) any {
	t.Helper()
	asJSON, err := document.ToJSON(document.Source{Name: "text", Text: text})
	if err != nil {
		t.Fatal(err)
	}
	value, err := validator.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(fmt.Errorf("%w in %s", err, asJSON))
	}
	return value
}
