package emulator_test

import (
	"fmt"
	"maps"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// docs/coverage.md is made of openapi.yaml; make golden rewrites it.
func TestThePageOfCoverageIsThatOfTheSpecification(t *testing.T) {
	const path = "../docs/coverage.md"
	want := coveragePage(t)
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(have), want); diff != "" {
		t.Errorf("docs/coverage.md (-is +should be); rewrite it with make golden:\n%s", diff)
	}
}

func TestEveryMethodOfTheRealServiceIsAnsweredAsCoverageSays(t *testing.T) {
	s := newServer(t)
	coverage := decoded[struct {
		Emulated    []string
		Partly      map[string]map[string]string
		NotEmulated map[string]string `json:"not_emulated"`
	}](t, answer(t, s.Handler(), httptest.NewRequest("GET", "/_voxemu/coverage", nil)))
	done := slices.Concat(coverage.Emulated, slices.Collect(maps.Keys(coverage.Partly)))
	if total := len(done) + len(coverage.NotEmulated); total != realMethods {
		t.Errorf("%d methods, the real service has %d", total, realMethods)
	}
	for _, method := range done {
		if body := call(t, s, method, nil); codeOf(t, body) == 103 {
			t.Errorf("%s is emulated, but: %s", method, body)
		}
	}
	for method, why := range coverage.NotEmulated {
		recorder := httptest.NewRecorder()
		s.Handler().ServeHTTP(recorder, get(method, apiKey(nil)))
		warning := recorder.Header().Get("X-Voxemu-Warning")
		if codeOf(t, recorder.Body.String()) != 103 || !strings.HasPrefix(warning, "not emulated: ") || why == "" {
			t.Errorf("%s is not emulated because %q, but: %q, %s", method, why, warning, recorder.Body)
		}
	}
}

// realMethods is how many methods the SDKs and the older documentation name.
const realMethods = 200

// coveragePage lists what is emulated, partly, or not.
func coveragePage(t *testing.T) string {
	spec := specification(t)
	var whole, partly, page strings.Builder
	for _, m := range spec.Methods() {
		if len(m.Ignored) == 0 {
			fmt.Fprintf(&whole, "- %s\n", m.Name)
			continue
		}
		fmt.Fprintf(&partly, "- %s\n", m.Name)
		for _, name := range slices.Sorted(maps.Keys(m.Ignored)) {
			fmt.Fprintf(&partly, "  - `%s`: %s\n", name, m.Ignored[name])
		}
	}
	page.WriteString("# Coverage\n\nEvery method of the Management API, made of openapi.yaml by `make golden`.\n\n## Emulated\n\n")
	page.WriteString(whole.String() + "\n## Partly: parameters that have no effect\n\n" + partly.String())
	page.WriteString("\n## Not emulated: error 103 with a warning\n")
	sections := map[string][]string{}
	gaps := spec.Gaps()
	for name, gap := range gaps {
		sections[gap.Section] = append(sections[gap.Section], name)
	}
	for _, section := range slices.Sorted(maps.Keys(sections)) {
		names := slices.Sorted(slices.Values(sections[section]))
		fmt.Fprintf(&page, "\n%s, because %s: %s.\n", section, gaps[names[0]].Because, strings.Join(names, ", "))
	}
	return page.String()
}
