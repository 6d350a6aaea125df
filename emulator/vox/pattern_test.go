package vox_test

import (
	"path"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/voxemu/voxemu/emulator/vox"
)

func TestAPatternMatchesWholeTexts(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		matches       bool
	}{
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"a*", "abc", true},
		{"*c", "abc", true},
		{"a", "ab", false},
		{"*.example.com", "sip.example.com", true},
		{"*.example.com", "example.com", false},
		{"Get*s", "GetSipRegistrations", true},
		{"a*b*c", "aXbXbXc", true},
		{"a*b*c", "aXcXb", false},
		{"?", "é", true},
		{"*?", "é", true},
		{"[à-ü]", "é", true},
		{"[^a-c]", "d", true},
		{"[^a-c]", "b", false},
		{`\[::1\]:5060`, "[::1]:5060", true},
		{"[::1]:5060", "[::1]:5060", false},
		{`a\*`, "a*", true},
		{`a\*`, "ab", false},
		{"a/*", "a/b/c", true},
		{"*", "\xff", true},
	} {
		if vox.MatchPattern(c.pattern, c.text) != c.matches {
			t.Errorf("%q and %q: want %v", c.pattern, c.text, c.matches)
		}
	}
}

func TestAMalformedPatternIsRefusedAndMatchesNothing(t *testing.T) {
	for _, pattern := range []string{"[", "[a", "[]", "[^]", "[a-]", "[-a]", `\`, `[\`, "*[", "a["} {
		if vox.CheckPattern(pattern) == nil {
			t.Errorf("%q: accepted", pattern)
		}
		for _, text := range []string{"", "a", "-", "[", pattern} {
			if vox.MatchPattern(pattern, text) {
				t.Errorf("%q matches %q", pattern, text)
			}
		}
	}
}

// path.Match has the same syntax, except for slashes.
func TestPatternsAreThoseOfPackagePath(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringOf(rapid.RuneFrom([]rune(`aabé*?[]^-\`))).Draw(t, "pattern")
		text := rapid.StringOf(rapid.RuneFrom([]rune(`aabé*[]^-\`))).Draw(t, "text")
		want, err := path.Match(pattern, text)
		if (err == nil) != (vox.CheckPattern(pattern) == nil) {
			t.Fatalf("path says %v", err)
		}
		if err == nil && vox.MatchPattern(pattern, text) != want {
			t.Fatalf("want %v", want)
		}
	})
}

func TestAPatternOfManyStarsIsDecidedAtOnce(t *testing.T) {
	if vox.MatchPattern(strings.Repeat("a*", 500)+"b", strings.Repeat("a", 5000)) {
		t.Error("matches")
	}
}

func TestTheNearestWordDiffersInTwoLettersAtMost(t *testing.T) {
	known := []string{"proxy", "password", "passphrase", "cd"}
	for word, want := range map[string]string{"proxi": "proxy", "pasword": "password", "prx": "proxy", "passed": "", "ab": "", "": "", strings.Repeat("proxy", 10_000): ""} {
		if near, ok := vox.Nearest(word, known); near != want || ok != (want != "") {
			t.Errorf("%.20q: %q, want %q", word, near, want)
		}
	}
}
