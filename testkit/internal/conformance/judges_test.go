package main

import "testing"

// The texts are the end of schemathesis's output for the phase.
func TestAPhaseThatFollowedNoLinkIsNoticed(t *testing.T) {
	for said, want := range map[string]bool{
		"     API Links:    7 covered / 8 selected / 8 total": true,
		"     API Links:    0 covered / 8 selected / 8 total": false,
		"     Scenarios:    1":                                false,
	} {
		if got := followed.MatchString(said); got != want {
			t.Errorf("%q: followed is %v", said, got)
		}
	}
}
