package scenarios_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/voxemu/voxemu/scenarios"
)

// Checking a key takes as little as checking another row, however many there are.
func TestEachKeyIsCheckedWithFewAllocations(t *testing.T) {
	cost := func(keys int) float64 {
		var text strings.Builder
		text.WriteString("accounts: [{id: 1, name: a, email: a@example.com, api_key: a-key}]\nkeys:\n")
		for i := range keys {
			fmt.Fprintf(&text, "  - {id: key-%d, account_id: 1}\n", i)
		}
		return testing.AllocsPerRun(3, func() {
			if _, err := scenarios.Read(scenarios.Source{Name: "keys.yaml", Text: []byte(text.String())}); err != nil {
				t.Fatal(err)
			}
		})
	}
	if each := (cost(110) - cost(10)) / 100; each > 60 {
		t.Errorf("%.0f allocations for each key, want at most 60", each)
	}
}
