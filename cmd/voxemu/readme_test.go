package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator"
)

// What the README repeats is taken from where it is tested: programs from their
// files, the assumptions and the control door from their specifications.
func TestTheREADMERepeatsWhatIsTested(t *testing.T) {
	const path = "../../README.md"
	readme, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := string(readme)
	text = replacePart(t, text, "example.mjs", "```js\n"+file(t, "../../testkit/internal/conformance/node/example.mjs")+"```\n")
	text = replacePart(t, text, "whole-life.mjs", "```js\n"+file(t, "../../testkit/internal/conformance/node/whole-life.mjs")+"```\n")
	text = replacePart(t, text, "example_test.go", "```go\n"+example(t, file(t, "../../emulator/example_test.go"))+"```\n")
	text = replacePart(t, text, "year.sh", "```sh\n"+file(t, "../../docs/year.sh")+"```\n")
	text = replacePart(t, text, "assumptions", printed(t, "assumptions", "--markdown"))
	text = replacePart(t, text, "scenarios", printed(t, "scenarios", "--markdown"))
	text = replacePart(t, text, "control-door", controlTable(t))
	if *update {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(readme), text); diff != "" {
		t.Errorf("README.md (-is +should be); rewrite it with make golden:\n%s", diff)
	}
}

// replacePart puts text between <!-- name… --> and <!-- end -->.
func replacePart(t *testing.T, text, name, part string) string {
	t.Helper()
	before, rest, ok := strings.Cut(text, "<!-- "+name)
	marker, rest, ok2 := strings.Cut(rest, "-->\n")
	_, after, ok3 := strings.Cut(rest, "<!-- end -->")
	if !ok || !ok2 || !ok3 {
		t.Fatalf("README.md lacks the part %s", name)
	}
	return before + "<!-- " + name + marker + "-->\n" + part + "<!-- end -->" + after
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
// control door's description.
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

// verbs are those that a path of the control door takes: it names them to a
// wrong one.
func verbs(server *emulator.Server, path string) []string {
	answer := httptest.NewRecorder()
	path = strings.NewReplacer("{", "", "}", "").Replace(path)
	server.Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodTrace, path, nil))
	return strings.Split(answer.Header().Get("Allow"), ", ")
}
