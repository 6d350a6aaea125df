package fault_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/scenarios/document"
)

// A rule is refused, or it says the same after it was written as JSON.
func FuzzRule(f *testing.F) {
	for _, text := range []string{
		"{name: a, when: {method: 'Create*', parameters: {proxy: '*.test'}, nth: 2}, then: {api_error: INSUFFICIENT_MONEY}, times: 1}",
		"{name: a, then: {close: {after_sending: body}, delay: {median: 1s, sigma: 0.5}}, after: true}",
		"{name: a, when: {from: 10m, until: 2026-03-01}, then: {rate_limit: {calls: 2, per: 1m}}}",
		"{name: a, then: {http: {status: 503, headers: {Retry-After: '1'}, body: no}}}",
	} {
		f.Add(text)
	}
	known := fault.Known{Parameters: map[string][]string{"CreateSipRegistration": {"proxy"}}, Errors: map[string]int{"INSUFFICIENT_MONEY": 127}}
	f.Fuzz(func(t *testing.T, text string) {
		var rule, again fault.Rule
		if document.Read(document.Source{Name: "rule", Text: []byte(text)}, &rule) != nil || known.Check(rule) != nil {
			return
		}
		written, err := json.Marshal(rule)
		if err != nil {
			t.Fatalf("%s cannot be written: %v", text, err)
		}
		if err := document.Read(document.Source{Name: "written", Text: written}, &again); err != nil {
			t.Fatalf("%s\nis written as\n%s\n%v", text, written, err)
		}
		once, _ := json.Marshal(rule) // cannot fail, see above
		twice, err := json.Marshal(again)
		if diff := cmp.Diff(string(once), string(twice)); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", text, err, diff)
		}
	})
}
