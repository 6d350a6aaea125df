package scenarios_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/invopop/jsonschema"
	"go.yaml.in/yaml/v4"

	"github.com/voxemu/voxemu"
	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// generator generates the schemas. Names, types and descriptions are those of the Go
// types, values are those that the checks allow, defaults are those that the comments
// state, and examples come from the built-in scenarios.
type generator struct {
	known       fault.Known
	notEmulated []string
	types       map[string]reflect.Type // of the definitions
	schema      *jsonschema.Schema
}

// generateSchemas returns the texts by the name of the file.
func generateSchemas(t *testing.T) map[string][]byte {
	t.Helper()
	reader, err := emulator.ScenarioReader()
	if err != nil {
		t.Fatal(err)
	}
	var specification struct {
		NotEmulated map[string]struct{ Methods []string } `yaml:"x-not-emulated"`
	}
	if err := yaml.Unmarshal(voxemu.OpenAPI(), &specification); err != nil {
		t.Fatal(err)
	}
	var notEmulated []string
	for _, section := range specification.NotEmulated {
		notEmulated = append(notEmulated, section.Methods...)
	}
	files := map[string][]byte{}
	for name, root := range map[string]struct {
		title, tag string
		of         any
	}{
		"scenario":    {"voxemu scenario", "yaml", scenarios.Scenario{}},
		"rule":        {"voxemu fault rule", "yaml", fault.Rule{}},
		"expectation": {"voxemu expectation", "json", journal.Expectation{}},
	} {
		g := &generator{known: reader.Known, notEmulated: notEmulated, types: map[string]reflect.Type{}}
		if g.schema, err = g.reflect(root.of, root.tag); err != nil {
			t.Fatal(err)
		}
		g.schema.ID, g.schema.Title = "", root.title
		g.describe()
		g.constrain()
		if name == "rule" {
			g.nameless()
		}
		g.giveDefaults()
		g.giveExamples(t)
		var text bytes.Buffer
		encoder := json.NewEncoder(&text)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(g.schema); err != nil {
			t.Fatal(err)
		}
		files[name+".schema.json"] = text.Bytes()
	}
	return files
}

func (g *generator) reflect(of any, tag string) (*jsonschema.Schema, error) {
	reflector := &jsonschema.Reflector{FieldNameTag: tag, RequiredFromJSONSchemaTags: true, Mapper: g.scalar, Namer: g.named}
	for _, folder := range []string{"../emulator/vox", "../emulator/fault", "../emulator/journal", "."} {
		if err := reflector.AddGoComments("github.com/voxemu/voxemu/scenarios", folder, jsonschema.WithFullComment()); err != nil {
			return nil, err
		}
	}
	return reflector.Reflect(of), nil
}

// named distinguishes scenario files from VoxEngine scripts, and fault rules from rules
// of applications, which have the same names in Go.
func (g *generator) named(t reflect.Type) string {
	name := t.Name()
	switch {
	case t == reflect.TypeFor[scenarios.Scenario]():
		name = "ScenarioFile"
	case t.PkgPath() == reflect.TypeFor[fault.Rule]().PkgPath():
		name = "Fault" + name
	}
	g.types[name] = t
	return name
}

const (
	units = `(ns|us|µs|μs|ms|s|m|h)`
	// length is a duration without sign, in the format of [time.ParseDuration].
	length = `((\d+\.?\d*|\.\d+)` + units + `)+`
	// positive also matches -0s, which is not negative.
	positive = `\+?` + length + `|[+-]?0|-((0+\.?0*|\.0+)` + units + `)+`
	at       = `T\d{1,2}:\d{2}:\d{2}([.,]\d+)?(Z|[+-]\d{2}:\d{2})`
	moment   = `\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(` + at + `)?`
	amount   = `(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?`
)

// scalar returns the schema of types that files write as one word. Files may write
// numbers as texts, and a length of time of 0 as a number; minimum and maximum concern
// numbers only, a pattern texts only.
func (g *generator) scalar(t reflect.Type) *jsonschema.Schema {
	switch t {
	case reflect.TypeFor[vox.Money]():
		s := several("number", "string")
		s.Pattern, s.ExclusiveMinimum, s.ExclusiveMaximum = `^[+-]?`+amount+`$`, "-1000000000000", "1000000000000"
		return s
	case reflect.TypeFor[vox.Percent]():
		s := several("number", "string")
		s.Pattern, s.Minimum, s.Maximum = `^\+?`+amount+`$`, "0", "100"
		return s
	case reflect.TypeFor[time.Duration](), reflect.TypeFor[fault.Duration]():
		return zeroOr(`^(` + positive + `)$`)
	case reflect.TypeFor[time.Time]():
		return &jsonschema.Schema{Type: "string", Pattern: `^` + moment + `$`}
	case reflect.TypeFor[fault.Moment]():
		return zeroOr(`^(` + moment + `|` + positive + `)$`)
	case reflect.TypeFor[fault.Count]():
		s := several("integer", "string")
		s.Minimum, s.Pattern = "1", `^\+?0*[1-9]\d*$`
		return s
	case reflect.TypeFor[fault.APIError]():
		return g.apiError()
	case reflect.TypeFor[fault.Point]():
		return oneWord([]fault.Point{fault.Nothing, fault.Headers, fault.Body})
	case reflect.TypeFor[vox.Role]():
		return oneWord(vox.Roles())
	case reflect.TypeFor[vox.State]():
		return oneWord(vox.States())
	case reflect.TypeFor[vox.CallbackType]():
		return oneWord(vox.CallbackTypes())
	case reflect.TypeFor[vox.CallbackState]():
		return oneWord(vox.CallbackStates())
	case reflect.TypeFor[vox.TransactionType]():
		return oneWord(vox.TransactionTypes())
	case reflect.TypeFor[journal.RequestKind]():
		return oneWord([]journal.RequestKind{journal.APIRequest, journal.CallbackRequest})
	case reflect.TypeFor[journal.MistakeKind]():
		return oneWord([]journal.MistakeKind{journal.AnyMistake, journal.ContractMistake, journal.UnknownMethodMistake, journal.UnknownParameterMistake})
	case reflect.TypeFor[journal.Value]():
		return parameterValue()
	}
	return nil
}

func several(types ...string) *jsonschema.Schema {
	return &jsonschema.Schema{Extras: map[string]any{"type": types}}
}

// zeroOr returns the schema of a text, or of the number 0.
func zeroOr(pattern string) *jsonschema.Schema {
	s := several("string", "integer")
	s.Pattern, s.Minimum, s.Maximum = pattern, "0", "0"
	return s
}

func oneWord[S ~string](list []S) *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Enum: words(list)}
}

func words[S ~string](list []S) []any {
	out := make([]any, len(list))
	for i, word := range list {
		out[i] = string(word)
	}
	return out
}

// apiError lists the names and codes of errors; " on " and a parameter may follow.
func (g *generator) apiError() *jsonschema.Schema {
	names := slices.Sorted(maps.Keys(g.known.Errors))
	list, alternatives := words(names), slices.Clone(names)
	for _, code := range slices.Compact(slices.Sorted(maps.Values(g.known.Errors))) {
		list, alternatives = append(list, code), append(alternatives, fmt.Sprint(code))
	}
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{
		{Enum: list},
		{Type: "string", Pattern: `^(` + strings.Join(alternatives, "|") + `)( on (` + strings.Join(g.parameters(), "|") + `))?$`},
	}}
}

// parameters returns the names of all parameters of all methods.
func (g *generator) parameters() []string {
	var all []string
	for _, names := range g.known.Parameters {
		all = append(all, names...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func parameterValue() *jsonschema.Schema {
	object := func(name string, member *jsonschema.Schema) *jsonschema.Schema {
		s := &jsonschema.Schema{
			Type: "object", Required: []string{name}, AdditionalProperties: jsonschema.FalseSchema,
			Properties: jsonschema.NewProperties(),
		}
		s.Properties.Set(name, member)
		return s
	}
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{
		{Type: "string"}, {Type: "number"}, {Type: "boolean"},
		object("pattern", &jsonschema.Schema{Type: "string", Description: "A regular expression that matches a part of the value."}),
		object("given", &jsonschema.Schema{Type: "boolean", Description: "Whether the parameter is given, with any value."}),
	}}
}

// each calls fn for each property of each definition.
func (g *generator) each(fn func(owner, name string, s *jsonschema.Schema)) {
	for _, owner := range slices.Sorted(maps.Keys(g.schema.Definitions)) {
		for name, s := range g.schema.Definitions[owner].Properties.FromOldest() {
			fn(owner, name, s)
		}
	}
}

// nameless allows a rule without a name, which gets one when it is armed.
func (g *generator) nameless() {
	rule := g.schema.Definitions["FaultRule"]
	rule.Required = slices.DeleteFunc(rule.Required, func(name string) bool { return name == "name" })
}
