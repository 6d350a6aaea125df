package scenarios_test

import (
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/invopop/jsonschema"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/scenarios"
)

// describe replaces the words of Go in descriptions by those of files.
func (g *generator) describe() {
	for name, s := range g.schema.Definitions {
		s.Description = g.inWords(s.Description, name, g.types[name].Name())
	}
	g.each(func(owner, name string, s *jsonschema.Schema) {
		s.Description = g.inWords(s.Description, owner, g.fieldOf(owner, name))
	})
}

// fieldOf returns the name in Go of a property.
func (g *generator) fieldOf(owner, name string) string {
	for _, field := range reflect.VisibleFields(g.types[owner]) {
		if nameInFiles(field) == name {
			return field.Name
		}
	}
	return ""
}

func nameInFiles(field reflect.StructField) string {
	tag, ok := field.Tag.Lookup("yaml")
	if !ok {
		tag = field.Tag.Get("json")
	}
	name, _, _ := strings.Cut(tag, ",")
	return name
}

var (
	evidence   = regexp.MustCompile(` \(docs/[\w./#-]+\)|, docs/[\w/#-]+(\.md[\w#-]*)?|docs/[\w./#-]+, `)
	seeAlso    = regexp.MustCompile(`[,;]? see \[[A-Za-z.]+\](\.[A-Z]\w*)?`)
	linkTo     = regexp.MustCompile(`\[(?:[A-Z]\w*\]?\.)?([A-Z]\w*)\]?`)
	ofGo       = regexp.MustCompile(`(zero value|In Go:|yaml tags|maps and pointers|see package|MatchPattern|Empty after reading)`)
	goName     = regexp.MustCompile(`\b[A-Z]\w*\b`)
	nameOfAPI  = regexp.MustCompile(`^([a-z]+_[a-z_]+)([;,.:])`)
	stateNames = map[string]string{"Successful": "successful", "Failed": "failed", "InProgress": "in_progress", "Offline": "offline"}
)

// inWords removes the name with which a comment of Go begins, and replaces names of
// fields by names of members.
func (g *generator) inWords(comment, owner, name string) string {
	comment = strings.Join(strings.Fields(comment), " ")
	comment = evidence.ReplaceAllString(comment, "")
	comment = seeAlso.ReplaceAllString(comment, "")
	if rest, ok := strings.CutPrefix(comment, name+" "); ok {
		for _, verb := range []string{"is ", "are ", "reports "} {
			rest = strings.TrimPrefix(rest, verb)
		}
		comment = rest
	}
	comment = linkTo.ReplaceAllStringFunc(comment, func(link string) string {
		return g.nameOf(linkTo.FindStringSubmatch(link)[1])
	})
	comment = goName.ReplaceAllStringFunc(comment, func(word string) string {
		field, ok := g.types[owner].FieldByName(word)
		switch {
		case ok && nameInFiles(field) != "" && word != "HTTP":
			return nameInFiles(field)
		case stateNames[word] != "":
			return stateNames[word]
		}
		if !regexp.MustCompile(`[a-z][A-Z]`).MatchString(word) {
			return word // a name of several words can only be that of a field
		}
		return g.nameOf(word)
	})
	comment = strings.Join(slices.DeleteFunc(strings.SplitAfter(comment, ". "), ofGo.MatchString), "")
	comment = strings.TrimSpace(comment)
	comment = nameOfAPI.ReplaceAllString(comment, "The API's $1$2")
	first, size := utf8.DecodeRuneInString(comment)
	return string(unicode.ToUpper(first)) + comment[size:]
}

// nameOf returns the name in files of a field or of a kind of fault.
func (g *generator) nameOf(word string) string {
	for _, kind := range fault.Kinds() {
		if reflect.TypeOf(kind.New()).Elem().Name() == word {
			return kind.Name
		}
	}
	for _, of := range g.types {
		if of.Kind() != reflect.Struct {
			continue
		}
		if field, ok := of.FieldByName(word); ok && nameInFiles(field) != "" {
			return nameInFiles(field)
		}
	}
	return word
}

var (
	marked  = regexp.MustCompile(`(\w+) \((?:\d+, )?default\b`)
	stated  = regexp.MustCompile(`[Dd]efault:? (?:"([^"]*)"|([^\s,;:()]+))( if| unless)?`)
	example = regexp.MustCompile(`(?:for example|such as) ([^\s,;:()]+)`)
)

// giveDefaults sets the defaults that the descriptions state. A default that depends on
// other members is none. Booleans are false by default.
func (g *generator) giveDefaults() {
	g.each(func(owner, name string, s *jsonschema.Schema) {
		if slices.Contains(g.schema.Definitions[owner].Required, name) {
			return
		}
		words, conditional, isStated := "", false, false
		if found := marked.FindStringSubmatch(s.Description); found != nil {
			words = found[1]
		} else if found := stated.FindStringSubmatch(s.Description); found != nil {
			words, conditional, isStated = found[1]+strings.TrimSuffix(found[2], "."), found[3] != "", true
		}
		value, ok := g.valueOf(s, words)
		switch {
		case conditional:
		case ok:
			s.Default = value
		case s.Type == "boolean" && !isStated:
			s.Default = false
		}
	})
}

// valueOf returns a word of a description as a value of the property; false if it is none.
func (g *generator) valueOf(s *jsonschema.Schema, word string) (any, bool) {
	if s.Enum != nil {
		return word, slices.Contains(s.Enum, any(word))
	}
	if types, ok := s.Extras["type"].([]string); ok {
		switch {
		case types[0] == "string" && word == "0":
			return "0s", true
		case types[0] == "string":
			_, err := time.ParseDuration(word)
			return word, err == nil
		case regexp.MustCompile(`^\d+(\.\d+)?$`).MatchString(word):
			return json.Number(word), true
		}
		return nil, false
	}
	switch s.Type {
	case "boolean":
		value, err := strconv.ParseBool(word)
		return value, err == nil
	case "integer", "number":
		_, err := strconv.ParseFloat(word, 64)
		return json.Number(word), err == nil && json.Valid([]byte(word))
	case "string":
		return word, s.Pattern == "" && word == ".*" || word == "{}"
	}
	return nil, false
}

// mostExamples is the number of examples of a property.
const mostExamples = 3

// giveExamples sets the first values that the built-in scenarios have, and those that the
// descriptions mention.
func (g *generator) giveExamples(t *testing.T) {
	used := map[string][]any{}
	if g.schema.Title == "voxemu scenario" {
		for _, name := range scenarios.Names() {
			text, _ := scenarios.Builtin(name)
			g.collect(used, "ScenarioFile", valuesOf(t, text))
		}
	} else if rule, ok := g.schema.Definitions["FaultRule"]; ok && rule != nil {
		for _, name := range scenarios.Names() {
			text, _ := scenarios.Builtin(name)
			file, _ := valuesOf(t, text).(map[string]any)
			rules, _ := file["faults"].([]any)
			for _, one := range rules {
				g.collect(used, "FaultRule", one)
			}
		}
	}
	g.each(func(owner, name string, s *jsonschema.Schema) {
		if s.Enum != nil || s.Type == "boolean" || s.Type == "object" {
			return
		}
		s.Examples = used[owner+"."+name]
		if found := example.FindStringSubmatch(s.Description); found != nil && s.Examples == nil && s.Type == "string" {
			s.Examples = []any{strings.TrimSuffix(found[1], ".")}
		}
	})
}

// collect notes the words and numbers of a value by the property that they belong to.
func (g *generator) collect(used map[string][]any, owner string, value any) {
	of, known := g.schema.Definitions[owner]
	object, ok := value.(map[string]any)
	if !known || !ok || of.Properties == nil {
		return
	}
	for name, s := range of.Properties.FromOldest() {
		value, given := object[name]
		if !given {
			continue
		}
		at := owner + "." + name
		switch value := value.(type) {
		case []any:
			for _, item := range value {
				if s.Items != nil && s.Items.Ref != "" {
					g.collect(used, strings.TrimPrefix(s.Items.Ref, "#/$defs/"), item)
				}
			}
		case map[string]any:
			if ref := refOf(s); ref != "" {
				g.collect(used, strings.TrimPrefix(ref, "#/$defs/"), value)
			}
		default:
			text, isText := value.(string)
			if len(used[at]) < mostExamples && !slices.Contains(used[at], value) && (!isText || len(text) <= 80) {
				used[at] = append(used[at], value)
			}
		}
	}
}

// refOf returns the definition that a property refers to.
func refOf(s *jsonschema.Schema) string {
	if s.Ref == "" && len(s.AnyOf) > 0 {
		return s.AnyOf[0].Ref
	}
	return s.Ref
}
