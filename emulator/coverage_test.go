package emulator_test

import (
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

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

// realMethods is the number of methods in the SDKs and the older documentation.
const realMethods = 200
