package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator"
)

// What pages repeat is taken from where it is tested: programs from their files, the
// assumptions and the control API from their specifications.
func TestThePagesRepeatWhatIsTested(t *testing.T) {
	parts := map[string]string{
		"example.mjs":     "```js\n" + file(t, "../../testkit/internal/conformance/node/example.mjs") + "```\n",
		"whole-life.mjs":  "```js\n" + file(t, "../../testkit/internal/conformance/node/whole-life.mjs") + "```\n",
		"example_test.go": "```go\n" + example(t, file(t, "../../emulator/example_test.go")) + "```\n",
		"year.sh":         "```sh\n" + file(t, "../../docs/year.sh") + "```\n",
		"assumptions":     printed(t, "assumptions", "--markdown"),
		"scenarios":       printed(t, "scenarios", "--markdown"),
		"control-door":    controlTable(t),
	}
	repeated := map[string]bool{}
	for name, page := range pages(t) {
		now := page
		for part, text := range parts {
			if strings.HasPrefix(name, "docs/") {
				text = strings.ReplaceAll(text, "](scenarios/", "](../scenarios/")
			}
			if replaced, ok := replacePart(now, part, text); ok {
				now, repeated[part] = replaced, true
			}
		}
		if *update && now != page {
			if err := os.WriteFile("../../"+name, []byte(now), 0o644); err != nil {
				t.Fatal(err)
			}
		} else if diff := cmp.Diff(page, now); diff != "" {
			t.Errorf("%s (-is +should be); rewrite it with make golden:\n%s", name, diff)
		}
	}
	for part := range parts {
		if !repeated[part] {
			t.Errorf("no page has the part %s", part)
		}
	}
}

// replacePart puts text between <!-- name… --> and <!-- end -->, if a page has them.
func replacePart(page, name, text string) (string, bool) {
	part := regexp.MustCompile(`(?s)(<!-- ` + regexp.QuoteMeta(name) + `(?:: [^\n]*)? -->\n).*?(<!-- end -->)`)
	found := part.FindStringSubmatchIndex(page)
	if found == nil {
		return page, false
	}
	return page[:found[3]] + text + page[found[4]:], true
}

func file(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// example is the body of the function Example.
func example(t *testing.T, source string) string {
	t.Helper()
	_, body, ok := strings.Cut(source, "func Example() {\n")
	body, _, ok2 := strings.Cut(body, "\n}\n")
	if !ok || !ok2 {
		t.Fatal("no function Example")
	}
	return strings.ReplaceAll("\n"+body+"\n", "\n\t", "\n")[1:]
}

// printed is what a command prints.
func printed(t *testing.T, command ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(command, &out, &errs); code != exitFine {
		t.Fatal(errs.String())
	}
	return out.String()
}

// controlTable lists the operations that an emulator has, in the order of the
// control API's description.
func controlTable(t *testing.T) string {
	t.Helper()
	var doc struct{ Paths yaml.MapSlice }
	text := []byte(file(t, "../../emulator/internal/control/openapi.yaml"))
	if err := yaml.UnmarshalWithOptions(text, &doc, yaml.UseOrderedMap()); err != nil {
		t.Fatal(err)
	}
	server, err := emulator.New(emulator.WithScenario("empty"))
	if err != nil {
		t.Fatal(err)
	}
	out := "| request | what it does |\n| --- | --- |\n"
	for _, path := range doc.Paths {
		name := path.Key.(string)
		allowed := verbs(server, name)
		for _, operation := range path.Value.(yaml.MapSlice) {
			verb := strings.ToUpper(operation.Key.(string))
			if slices.Contains(allowed, verb) {
				out += "| `" + verb + " " + name + "` | " + cell(operation.Value.(yaml.MapSlice).ToMap()["summary"].(string)) + " |\n"
			}
		}
	}
	return out
}

// verbs are those that a path of the control API takes: it names them to a
// wrong one.
func verbs(server *emulator.Server, path string) []string {
	answer := httptest.NewRecorder()
	path = strings.NewReplacer("{", "", "}", "").Replace(path)
	server.Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodTrace, path, nil))
	return strings.Split(answer.Header().Get("Allow"), ", ")
}
