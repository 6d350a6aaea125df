package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/voxemu/voxemu"
	"github.com/voxemu/voxemu/emulator"
)

// coveragePage lists what is emulated, partly, or not.
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
	page.WriteString("# Coverage\n\nEvery method of the Management API, made of openapi.yaml by `make golden`.\n\n## Emulated\n\n")
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
	page.WriteString("\n## Not emulated: error 103 with a warning\n")
	for _, section := range slices.Sorted(maps.Keys(spec.NotEmulated)) {
		gap := spec.NotEmulated[section]
		fmt.Fprintf(&page, "\n%s, because %s: %s.\n", section, gap.Because, strings.Join(slices.Sorted(slices.Values(gap.Methods)), ", "))
	}
	return page.String(), nil
}
