package contract

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// described is the part of the specification that descriptions of methods repeat.
type described struct {
	Errors map[string]errorEntry `yaml:"x-errors"`
	Paths  map[string]struct {
		Roles    []string `yaml:"x-roles"`
		Errors   []string `yaml:"x-errors"`
		Verified string   `yaml:"x-verified"`
	}
	Assumptions map[string]struct{ Says string } `yaml:"x-assumptions"`
	Components  struct {
		Schemas map[string]struct {
			Properties map[string]map[string]any
		}
	}
}

// Describe adds to the description of each method its roles, errors and assumptions,
// because documentation generated from a specification does not show extensions.
// Descriptions must be block scalars. The error is that of parsing the YAML.
func Describe(spec []byte) ([]byte, error) {
	var d described
	if err := yaml.Load(spec, &d); err != nil {
		return nil, fmt.Errorf("openapi.yaml: %w", err)
	}
	var out []string
	method, inside := "", false
	for line := range strings.SplitSeq(string(spec), "\n") {
		if path, ok := strings.CutPrefix(line, "  "+pathPrefix); ok {
			method = strings.TrimSuffix(path, ":")
		} else if line != "" && line[0] != ' ' && line[0] != '#' {
			method = "" // the end of the paths
		}
		if inside && line != "" && !strings.HasPrefix(line, "        ") { // the end of the description
			for _, more := range d.words(method) {
				out = append(out, "        "+more)
			}
			inside = false
		}
		inside = inside || method != "" && line == "      description: |"
		out = append(out, line)
	}
	return []byte(strings.Join(out, "\n")), nil
}

// words returns the lines to add, in Markdown.
func (d described) words(method string) []string {
	m := d.Paths[pathPrefix+method]
	roles := "a service account with or without a role"
	if len(m.Roles) > 0 {
		roles = "one of the roles " + strings.Join(m.Roles, ", ")
	}
	lines := []string{"", "**Who may call:** an api key, or " + roles + ".", "", "**Errors**, beside those of every method:", ""}
	for _, name := range m.Errors {
		lines = append(lines, fmt.Sprintf("- %d `%s`: %s", d.Errors[name].Code, name, d.Errors[name].Sentence))
	}
	if len(m.Errors) == 0 {
		lines = append(lines, "- none")
	}
	if cited := d.assumed(method); len(cited) > 0 {
		lines = append(lines, "", "**Only assumed:**", "")
		for _, id := range cited {
			lines = append(lines, fmt.Sprintf("- %s: %s", id, d.Assumptions[id].Says))
		}
	}
	if sources := regexp.MustCompile(`docs/evidence\.md#[a-z-]+`).FindAllString(m.Verified, -1); len(sources) > 0 {
		lines = append(lines, "", "**Known from:** "+strings.Join(sources, ", ")+".")
	}
	return append(lines, "")
}

// assumed returns the assumptions that the method or its parameters cite, by number.
func (d described) assumed(method string) []string {
	cited := d.Paths[pathPrefix+method].Verified
	for _, property := range d.Components.Schemas[method+"Arguments"].Properties {
		cited += " " + fmt.Sprint(property["x-verified"])
	}
	found := map[string]bool{}
	for _, id := range regexp.MustCompile(`\bA\d+\b`).FindAllString(cited, -1) {
		found[id] = true
	}
	return slices.SortedFunc(maps.Keys(found), func(a, b string) int { return cmp.Or(number(a)-number(b), cmp.Compare(a, b)) })
}
