package scenarios_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	validator "github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"
	"pgregory.net/rapid"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/scenarios"
	"github.com/voxemu/voxemu/scenarios/document"
)

// subject is a kind of file: its schema, a valid file that has every section, and the
// check that reads it.
type subject struct {
	name   string
	base   string
	accept func(text []byte) error
}

func subjects(t *testing.T) []subject {
	t.Helper()
	reader, err := emulator.ScenarioReader()
	if err != nil {
		t.Fatal(err)
	}
	return []subject{
		{"scenario", everySection, func(text []byte) error {
			_, err := reader.Read(scenarios.Source{Name: "f", Text: text})
			return err
		}},
		{"rule", `{"when": {"method": "CreateSipRegistration"}, "then": {"http": {"status": 502}}}`, func(text []byte) error {
			rule := fault.Rule{Name: "given-when-armed"}
			if err := document.Read(document.Source{Name: "f", Text: text}, &rule); err != nil {
				return err
			}
			return reader.Known.Check(rule)
		}},
	}
}

const everySection = `{
	"clock": {"start": "2026-01-31"}, "behaviour": {}, "billing": {"monthly_fee": 1}, "registrar": {"delay": "5s", "rules": [{"proxy": "*.test", "status_code": 403}]},
	"accounts": [{"id": 1, "name": "a"}], "keys": [{"id": "k", "roles": ["Owner"]}], "applications": [{"id": 1, "name": "app"}],
	"voxengine_scenarios": [{"id": 1, "name": "s"}], "rules": [{"id": 1, "application_id": 1, "name": "r"}],
	"users": [{"id": 1, "application_id": 1, "name": "u"}], "registrations": [{"id": 1, "sip_username": "u", "proxy": "p.test"}],
	"transactions": [{"id": 1, "type": "card_payment", "amount": 5}], "callbacks": [{"id": 1, "type": "min_balance"}],
	"sessions": [{"session_id": "0123456789abcdef"}], "authorized_ips": [{"id": 1, "network": "192.0.2.0/24"}],
	"sip_white_list": [{"id": 1, "network": "192.0.2.1"}], "audit_log": [{"id": 1, "command": "AddUser"}],
	"generate": [{"count": 2, "user": {"id": 100, "name": "u{id}"}}],
	"faults": [{"name": "f", "when": {}, "then": {"delay": {"fixed": "5s"}}}]}`

// definitions are those of a schema, as JSON.
type definitions map[string]struct {
	Properties map[string]map[string]any
}

func definitionsOf(t *testing.T, name string) (root string, all definitions) {
	t.Helper()
	var schema struct {
		Ref  string      `json:"$ref"`
		Defs definitions `json:"$defs"`
	}
	if err := json.Unmarshal(schemaNamed(name), &schema); err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(schema.Ref, "#/$defs/"), schema.Defs
}

func schemaNamed(name string) []byte {
	return map[string]func() []byte{
		"scenario": scenarios.Schema, "rule": scenarios.RuleSchema, "expectation": scenarios.ExpectationSchema,
	}[name]()
}

// words that are valid somewhere, at the border of what is valid, or never.
var pool = []any{
	-1, 0, 1, 2, 31, 32, 99, 100, 200, 299, 300, 399, 400, 599, 600, 699, 700, 900, 10_001, 100_001, 0.5, 1.5, -0.5, true, false,
	"a", "1", "0", "-1", "1.00", "-1.50", "0.5", "1e3", ".5", "100", "101", "7.5", "5s", "0s", "-0s", "-5s", "1h30m", "1.5h", "1d", "2026-01-31",
	"2026-01-31T12:00:00Z", "2026-02-30", "1969-12-31", "1969-12-31T23:59:59-01:00", "2200-01-01", "2200-01-01T00:00:00+01:00", "tomorrow",
	"GBP", "USD", "Owner", "Boss", "CreateSipRegistration", "Create*", "createsipregistration", "INSUFFICIENT_MONEY", "127", "INVALID on proxy",
	"INVALID on color", "NO_MONEY", 127, 9999, "demo", "demoo", "x.yaml", "192.0.2.1", "192.0.2.0/255.255.255.0", "192.0.2.0/33", "h:5060",
	"h;transport=tcp", "h;transport=sctp", "a b", "a/b", "http://127.0.0.1/x", "ftp://h/x", "{}", "{\"a\": 1}", "[]", "text/html", "nothing", "body",
	"[a-z", "ключ", "a.b_c-d", strings.Repeat("x", 40), strings.Repeat("x", 41), strings.Repeat("x", 255), strings.Repeat("x", 256), strings.Repeat("é", 255),
	"0123456789abcdef",
}

// mutation draws a change of an object of a definition: a member that its schema names
// gets another value, or is removed.
func (all definitions) mutate(t *rapid.T, owner string, value any) {
	object, ok := value.(map[string]any)
	if !ok {
		return
	}
	name := rapid.SampledFrom(slices.Sorted(maps.Keys(all[owner].Properties))).Draw(t, owner)
	property := all[owner].Properties[name]
	inner, list := reference(property), false
	if items, ok := property["items"].(map[string]any); ok && inner == "" {
		inner, list = reference(items), true
	}
	switch {
	case inner != "" && list:
		items, _ := object[name].([]any)
		if len(items) == 0 {
			items = []any{map[string]any{}}
		}
		all.mutate(t, inner, items[0])
		object[name] = items
	case inner != "" && len(all[inner].Properties) > 0:
		member, given := object[name].(map[string]any)
		if !given {
			member = map[string]any{}
		}
		all.mutate(t, inner, member)
		object[name] = member
	case inner != "":
		object[name] = map[string]any{}
	case rapid.IntRange(0, 9).Draw(t, "removed") == 0:
		delete(object, name)
	default:
		object[name] = all.draw(t, property)
	}
}

func (all definitions) draw(t *rapid.T, property map[string]any) any {
	values := slices.Clone(pool)
	for _, key := range []string{"enum", "examples"} {
		own, _ := property[key].([]any)
		for range 3 { // more often
			values = append(values, own...)
		}
	}
	if value, ok := property["default"]; ok {
		values = append(values, value)
	}
	drawn := rapid.SampledFrom(values).Draw(t, "value")
	switch {
	case property["items"] != nil:
		return []any{drawn}
	case property["additionalProperties"] != nil:
		return map[string]any{rapid.SampledFrom([]string{"proxy", "X-A", "authorization", "color", "a b"}).Draw(t, "key"): drawn}
	}
	return drawn
}

func reference(property map[string]any) string {
	ref, _ := property["$ref"].(string)
	for _, one := range listOf(property["anyOf"]) {
		if member, ok := one.(map[string]any); ok && ref == "" {
			ref, _ = member["$ref"].(string)
		}
	}
	return strings.TrimPrefix(ref, "#/$defs/")
}

func listOf(value any) []any {
	list, _ := value.([]any)
	return list
}

func TestWhatTheCheckAcceptsFitsTheSchema(t *testing.T) {
	for _, s := range subjects(t) {
		schema := compileSchema(t, s.name)
		root, all := definitionsOf(t, s.name)
		accepted := 0
		t.Run(s.name, rapid.MakeCheck(func(t *rapid.T) {
			var value any
			if err := json.Unmarshal([]byte(s.base), &value); err != nil {
				t.Fatal(err)
			}
			for range rapid.IntRange(1, 3).Draw(t, "changes") {
				all.mutate(t, root, value)
			}
			text, err := json.Marshal(value)
			if err != nil {
				t.Fatal(err)
			}
			if s.accept(text) != nil {
				return
			}
			accepted++
			if err := schema.Validate(validatorValue(t, text)); err != nil {
				t.Errorf("the check accepts %s\n%v", text, err)
			}
		}))
		if accepted == 0 {
			t.Errorf("%s: no file was valid", s.name)
		}
	}
}

func validatorValue(t interface{ Fatal(...any) }, text []byte) any {
	value, err := validator.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// What a test on the left calls valid would otherwise be refused by an editor.
func TestWhatAnEmulatorPrintsFitsTheSchema(t *testing.T) {
	schema := compileSchema(t, "scenario")
	fits := func(what string, text []byte, err error) {
		t.Helper()
		if err != nil {
			t.Errorf("%s: %v", what, err)
			return
		}
		if err := schema.Validate(valuesOf(t, text)); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	for _, name := range slices.DeleteFunc(scenarios.Names(), func(name string) bool { return name == "many" }) {
		emu, err := emulator.New(emulator.WithScenario(name))
		if err != nil {
			t.Fatal(err)
		}
		text, err := emu.Export()
		fits(name+", exported", text, err)
		if err := emu.Advance(40 * 24 * time.Hour); err != nil {
			t.Fatal(err)
		}
		text, err = emu.Export()
		fits(name+", forty days later", text, err)
		scenario, err := scenarios.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		text, err = scenario.YAML()
		fits(name+", in its canonical form", text, err)
	}
	for _, percent := range []string{"0", "20", "7.5", `"20"`, "100"} {
		text := []byte("billing: {tax_percent: " + percent + "}")
		_, err := scenarios.Read(source("f", string(text)))
		fits(string(text), text, err)
	}
}

func TestDefaultsAreThoseThatTheReaderFills(t *testing.T) {
	other := `{"accounts": [{"id": 7, "name": "b", "currency": "EUR"}], "billing": {"monthly_fee": 3, "tax_percent": 10},
		"registrations": [{"id": 9, "sip_username": "w", "proxy": "q.test"}], "transactions": [{"id": 8, "type": "refund", "amount": 1}],
		"callbacks": [{"id": 4, "type": "account_is_frozen"}], "applications": [{"id": 3, "name": "x"}], "users": [{"id": 5, "name": "y"}],
		"rules": [{"id": 6, "application_id": 3, "name": "z"}]}`
	_, all := definitionsOf(t, "scenario")
	filled := func(text string) map[string]any {
		scenario, err := scenarios.Read(source("f", text))
		if err != nil {
			t.Fatal(err)
		}
		printed, err := scenario.YAML()
		if err != nil {
			t.Fatal(err)
		}
		return valuesOf(t, printed).(map[string]any)
	}
	first, second := filled(everySection), filled(other)
	found := 0
	for section, property := range all["ScenarioFile"].Properties {
		items, isList := property["items"].(map[string]any)
		if !isList || listOf(second[section]) == nil || listOf(first[section]) == nil {
			continue
		}
		a, b := listOf(first[section])[0].(map[string]any), listOf(second[section])[0].(map[string]any)
		for name, value := range a {
			constant := fmt.Sprint(value) == fmt.Sprint(b[name])
			stated, has := all[reference(items)].Properties[name]["default"]
			switch {
			case constant && has:
				found++
				if fmt.Sprint(stated) != fmt.Sprint(value) {
					t.Errorf("%s.%s: the schema states the default %v, the reader fills %v", section, name, stated, value)
				}
			case has && fmt.Sprint(stated) != fmt.Sprint(value) && fmt.Sprint(stated) != fmt.Sprint(b[name]):
				t.Errorf("%s.%s: the schema states the default %v, the reader fills %v or %v", section, name, stated, value, b[name])
			case constant && !has && name != "type" && name != "account_id" && name != "application_id":
				t.Errorf("%s.%s: the reader fills %v, the schema states no default", section, name, value)
			}
		}
	}
	empty := filled("{}")["billing"].(map[string]any)
	for name, value := range empty {
		found++
		if stated := all["Billing"].Properties[name]["default"]; !sameNumber(stated, value) {
			t.Errorf("billing.%s: the schema states the default %v, the reader fills %v", name, stated, value)
		}
	}
	if found < 5 {
		t.Errorf("only %d defaults were compared", found)
	}
}

// sameNumber compares amounts, which are texts or numbers, and lengths of time.
func sameNumber(a, b any) bool {
	if fmt.Sprint(a) == fmt.Sprint(b) {
		return true
	}
	x, err := time.ParseDuration(fmt.Sprint(a))
	y, err2 := time.ParseDuration(fmt.Sprint(b))
	if err == nil && err2 == nil {
		return x == y
	}
	var p, q float64
	_, err = fmt.Sscan(fmt.Sprint(a), &p)
	_, err2 = fmt.Sscan(fmt.Sprint(b), &q)
	return err == nil && err2 == nil && p == q
}

func TestEveryPropertyIsDescribedInWordsOfFiles(t *testing.T) {
	for _, file := range []string{"scenario", "rule", "expectation"} {
		_, all := definitionsOf(t, file)
		names := map[string]bool{} // as Go writes them
		for _, definition := range all {
			for name := range definition.Properties {
				names[strings.ReplaceAll(name, "_", "")] = strings.Contains(name, "_")
			}
		}
		for owner, definition := range all {
			for name, property := range definition.Properties {
				description, _ := property["description"].(string)
				words := strings.FieldsFunc(description, func(r rune) bool { return !unicode.IsLetter(r) && r != '_' })
				if len(words) < 2 || strings.ContainsAny(description, "[]") && !strings.Contains(description, "[a-z]") {
					t.Errorf("%s: %s.%s: the description is %q", file, owner, name, description)
					continue
				}
				if strings.EqualFold(words[0], strings.ReplaceAll(name, "_", "")) && slices.Contains([]string{"is", "are", "reports"}, words[1]) {
					t.Errorf("%s: %s.%s: the description begins with a name of Go: %s", file, owner, name, description)
				}
				for _, word := range words {
					if names[strings.ToLower(word)] && word != strings.ToLower(word) {
						t.Errorf("%s: %s.%s: the description has the name of Go %s", file, owner, name, word)
					}
				}
			}
		}
	}
}

// Bodies of the control API are the same types: its description lists their members, and
// refers to the schemas for those of when, then and filter.
func TestTheControlAPIListsTheMembersOfRulesAndExpectations(t *testing.T) {
	text, err := os.ReadFile("../emulator/internal/control/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var described struct {
		Components struct {
			Schemas map[string]struct{ Properties map[string]any }
		}
	}
	if err := yaml.Unmarshal(text, &described); err != nil {
		t.Fatal(err)
	}
	for file, component := range map[string]string{"rule": "Rule", "expectation": "Expectation"} {
		root, all := definitionsOf(t, file)
		want := slices.Sorted(maps.Keys(all[root].Properties))
		got := slices.Sorted(maps.Keys(described.Components.Schemas[component].Properties))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-schema +description):\n%s", component, diff)
		}
	}
}
