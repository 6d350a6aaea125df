package main

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// generatedTail is the line of a method's description from which on it is written
// here.
const generatedTail = "        <!-- from x-roles, x-errors and x-verified -->"

// specification is what the descriptions of openapi.yaml repeat.
type specification struct {
	Errors map[string]struct{ Code int } `yaml:"x-errors"`
	Paths  map[string]struct {
		Roles    []string `yaml:"x-roles"`
		Errors   []string `yaml:"x-errors"`
		Verified string   `yaml:"x-verified"`
	}
	Components struct {
		Schemas map[string]struct {
			Properties map[string]map[string]any
		}
	}
}

// describedMethods is openapi.yaml with who may call a method, what can go wrong and
// what is only assumed in the words of its description, for readers of documentation
// made of the file.
func describedMethods() (string, error) {
	text, err := os.ReadFile("openapi.yaml")
	if err != nil {
		return "", err
	}
	var spec specification
	if err := yaml.Load(text, &spec); err != nil {
		return "", err
	}
	var out []string
	method, inside, tail := "", false, false
	for line := range strings.SplitSeq(string(text), "\n") {
		if path, ok := strings.CutPrefix(line, "  /platform_api/"); ok {
			method = strings.TrimSuffix(path, ":")
		}
		if inside && line != "" && !strings.HasPrefix(line, "        ") { // the description has ended
			out = append(trimmed(out), spec.tail(method)...)
			inside, tail = false, false
		}
		if method != "" && line == "      description: |" {
			inside = true
		}
		if tail = tail || inside && line == generatedTail; !tail {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n"), nil
}

// trimmed is without empty lines at the end.
func trimmed(lines []string) []string {
	for lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

func (s specification) tail(method string) []string {
	m := s.Paths["/platform_api/"+method]
	roles := "any service account, with or without a role"
	if len(m.Roles) > 0 {
		roles = "the roles " + strings.Join(m.Roles, ", ")
	}
	errors := make([]string, len(m.Errors))
	for i, name := range m.Errors {
		errors[i] = fmt.Sprintf("%d %s", s.Errors[name].Code, name)
	}
	everywhere := "those of every method"
	if len(errors) > 0 {
		everywhere = strings.Join(errors, ", ") + "; and " + everywhere
	}
	lines := []string{generatedTail, ""}
	lines = append(lines, wrapped("**Who may call:** an api key, or "+roles+".")...)
	lines = append(append(lines, ""), wrapped("**Errors:** "+everywhere+".")...)
	if assumed := s.assumed(method); len(assumed) > 0 {
		lines = append(append(lines, ""), wrapped("**Assumed:** "+strings.Join(assumed, ", ")+" (x-assumptions).")...)
	}
	if sources := regexp.MustCompile(`docs/evidence\.md#[a-z-]+`).FindAllString(m.Verified, -1); len(sources) > 0 {
		lines = append(append(lines, ""), wrapped("**Known from:** "+strings.Join(sources, ", ")+".")...)
	}
	return lines
}

// assumed are the assumptions that the method or one of its arguments cites, by
// number.
func (s specification) assumed(method string) []string {
	cited := s.Paths["/platform_api/"+method].Verified
	for _, property := range s.Components.Schemas[method+"Arguments"].Properties {
		cited += " " + fmt.Sprint(property["x-verified"])
	}
	found := map[string]bool{}
	for _, id := range regexp.MustCompile(`\bA\d+\b`).FindAllString(cited, -1) {
		found[id] = true
	}
	return slices.SortedFunc(maps.Keys(found), func(a, b string) int { return cmp.Or(len(a)-len(b), cmp.Compare(a, b)) })
}

// wrapped cuts a paragraph of a description into lines of at most 100 columns.
func wrapped(text string) []string {
	const indent = "        "
	var lines []string
	line := indent
	for _, word := range strings.Fields(text) {
		if len(line)+len(word) > 100 {
			lines = append(lines, strings.TrimRight(line, " "))
			line = indent
		}
		line += word + " "
	}
	return append(lines, strings.TrimRight(line, " "))
}
