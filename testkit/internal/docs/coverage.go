package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/voxemu/voxemu"
	"github.com/voxemu/voxemu/emulator"
)

// coveragePage lists the methods that are emulated, partly emulated, or not emulated.
func coveragePage() (string, error) {
	server, err := emulator.New(emulator.WithScenario("empty"))
	if err != nil {
		return "", err
	}
	answer := httptest.NewRecorder()
	server.Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/_voxemu/coverage", nil))
	var coverage struct {
		Emulated []string
		Partly   map[string]map[string]string
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &coverage); err != nil {
		return "", err
	}
	var spec struct {
		NotEmulated map[string]struct {
			Because string
			Methods []string
		} `yaml:"x-not-emulated"`
	}
	if err := yaml.Load(voxemu.OpenAPI(), &spec); err != nil {
		return "", err
	}
	var page strings.Builder
	missing := 0
	for _, gap := range spec.NotEmulated {
		missing += len(gap.Methods)
	}
	fmt.Fprintf(&page, `# Coverage

Look up the methods that your program calls. %d are emulated, %d more except for some parameters, and
%d are not: these answer error 103 with the header `+"`X-Voxemu-Warning: not emulated`"+`. The same for programs:

`+"```sh\ncurl -sS http://127.0.0.1:15060/_voxemu/coverage\n```"+`

This page is made of [openapi.yaml](../openapi.yaml) by `+"`make golden`"+`.
`, len(coverage.Emulated), len(coverage.Partly), missing)
	page.WriteString("\n## Emulated\n\n")
	for _, method := range slices.Sorted(slices.Values(coverage.Emulated)) {
		fmt.Fprintf(&page, "- %s\n", method)
	}
	page.WriteString("\n## Partly: parameters that have no effect\n\n")
	for _, method := range slices.Sorted(maps.Keys(coverage.Partly)) {
		fmt.Fprintf(&page, "- %s\n", method)
		for _, name := range slices.Sorted(maps.Keys(coverage.Partly[method])) {
			fmt.Fprintf(&page, "  - `%s`: %s\n", name, coverage.Partly[method][name])
		}
	}
	if err := writeExamples(&page, "testkit/internal/published/examples.yaml"); err != nil {
		return "", err
	}
	page.WriteString("\n## Not emulated: error 103 with a warning\n")
	for _, section := range slices.Sorted(maps.Keys(spec.NotEmulated)) {
		gap := spec.NotEmulated[section]
		fmt.Fprintf(&page, "\n%s, because %s: %s.\n", section, gap.Because, strings.Join(slices.Sorted(slices.Values(gap.Methods)), ", "))
	}
	return page.String(), nil
}

// writeExamples counts the official examples that succeed, and lists the others.
func writeExamples(page *strings.Builder, name string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	var examples []struct {
		Method     string
		Parameters map[string]string
		Error      int
		Reason     string
		Only       string
	}
	if err := yaml.Load(text, &examples); err != nil {
		return err
	}
	var refused strings.Builder
	succeed := 0
	for _, e := range examples {
		if e.Error == 0 {
			succeed++
			continue
		}
		sdks := cmp.Or(e.Only, "all")
		parameters := make([]string, 0, len(e.Parameters))
		for _, name := range slices.Sorted(maps.Keys(e.Parameters)) {
			parameters = append(parameters, "`"+name+"="+e.Parameters[name]+"`")
		}
		fmt.Fprintf(&refused, "| %s | %s | %s | %d | %s |\n", e.Method, strings.Join(parameters, " "), sdks, e.Error, cell(e.Reason))
	}
	fmt.Fprintf(page, `
## Examples of the official SDKs

The scenario [examples](../scenarios/examples.yaml) has what the examples of the six official SDKs name. Start
with it and run them; account 1, api key `+"`examples-key`, service account `owner-key`:\n\n```console\n$ voxemu serve --scenario examples\n```"+`

Of their %d different requests to emulated methods %d succeed. The others contradict a documented rule:

| method | parameters | SDKs | error | why |
| --- | --- | --- | --- | --- |
%s
`, len(examples), succeed, strings.TrimSuffix(refused.String(), "\n"))
	return nil
}
