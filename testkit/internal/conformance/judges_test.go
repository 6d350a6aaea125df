package main

import "testing"

// What schemathesis prints at the end of its phase.
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
