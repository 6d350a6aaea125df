package scenarios_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/invopop/jsonschema"
	validator "github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
	"github.com/voxemu/voxemu/scenarios/document"
)

var update = flag.Bool("update", false, "rewrite scenario.schema.json")

func TestTheSchemaIsThatOfTheTypes(t *testing.T) {
	want := generate(t)
	if *update {
		if err := os.WriteFile("scenario.schema.json", want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(want), string(scenarios.Schema())); diff != "" {
		t.Errorf("scenario.schema.json is not that of the types; rewrite it with -update (-types +file):\n%s", diff)
	}
}

// generate generates the schema; its descriptions are the doc comments.
func generate(t *testing.T) []byte {
	t.Helper()
	reflector := &jsonschema.Reflector{FieldNameTag: "yaml", RequiredFromJSONSchemaTags: true, Mapper: scalar, Namer: named}
	for _, folder := range []string{"../emulator/vox", "../emulator/fault", "."} {
		if err := reflector.AddGoComments("github.com/voxemu/voxemu/scenarios", folder, jsonschema.WithFullComment()); err != nil {
			t.Fatal(err)
		}
	}
	described := reflector.Reflect(scenarios.Scenario{})
	described.ID, described.Title = "", "voxemu scenario"
	text, err := json.MarshalIndent(described, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(text, '\n')
}

// named distinguishes scenario files from VoxEngine scripts, and fault rules from rules
// of applications, which have the same names in Go.
func named(t reflect.Type) string {
	switch {
	case t == reflect.TypeFor[scenarios.Scenario]():
		return "ScenarioFile"
	case t.PkgPath() == reflect.TypeFor[fault.Rule]().PkgPath():
		return "Fault" + t.Name()
	}
	return ""
}

// scalar returns the schema of types that files write as one word.
func scalar(t reflect.Type) *jsonschema.Schema {
	switch t {
	case reflect.TypeFor[vox.Money]():
		return &jsonschema.Schema{Type: "number", Description: "An amount of money with at most six decimals."}
	case reflect.TypeFor[time.Duration]():
		return &jsonschema.Schema{Type: "string", Pattern: `^-?([0-9.]+(ns|us|µs|ms|s|m|h))+$|^0$`}
	case reflect.TypeFor[time.Time]():
		return &jsonschema.Schema{Type: "string", Pattern: `^\d{4}-\d{2}-\d{2}(T.+)?$`}
	case reflect.TypeFor[fault.Count]():
		return &jsonschema.Schema{Type: "integer", Minimum: "1"}
	case reflect.TypeFor[fault.Duration]():
		return &jsonschema.Schema{Type: "string", Pattern: `^([0-9.]+(ns|us|µs|ms|s|m|h))+$|^0$`}
	case reflect.TypeFor[fault.Moment]():
		return &jsonschema.Schema{Type: "string", Pattern: `^\d{4}-\d{2}-\d{2}(T.+)?$|^([0-9.]+(ns|us|µs|ms|s|m|h))+$|^0$`}
	case reflect.TypeFor[fault.APIError]():
		return &jsonschema.Schema{OneOf: []*jsonschema.Schema{{Type: "string"}, {Type: "integer"}}}
	case reflect.TypeFor[fault.Point]():
		return &jsonschema.Schema{Type: "string", Enum: words([]fault.Point{fault.Nothing, fault.Headers, fault.Body})}
	case reflect.TypeFor[vox.Role]():
		return &jsonschema.Schema{Type: "string", Enum: words(vox.Roles())}
	case reflect.TypeFor[vox.State]():
		return &jsonschema.Schema{Type: "string", Enum: words(vox.States())}
	}
	return nil
}

func words[S ~string](list []S) []any {
	out := make([]any, len(list))
	for i, word := range list {
		out[i] = string(word)
	}
	return out
}

func TestEveryBuiltInScenarioFitsTheSchemaAndNamesIt(t *testing.T) {
	schema := compileSchema(t)
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

func TestTheSchemaRefusesWhatTheReaderRefuses(t *testing.T) {
	schema := compileSchema(t)
	for _, text := range []string{
		"acounts: []",
		"accounts: [{name: demo}]",
		"accounts: [{id: one, name: demo}]",
		"accounts: [{id: 1, name: demo, speed: 3}]",
		"accounts: [{id: 1, name: 7}]",
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
		if _, err := scenarios.Read(source("f", text)); err == nil {
			t.Errorf("%s: the reader accepts it", text)
		}
		if err := schema.Validate(valuesOf(t, []byte(text))); err == nil {
			t.Errorf("%s: the schema accepts it", text)
		}
	}
}

func compileSchema(t *testing.T) *validator.Schema {
	t.Helper()
	parsed, err := validator.UnmarshalJSON(bytes.NewReader(scenarios.Schema()))
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
