package vox_test

import (
	"strings"
	"testing"

	"github.com/voxemu/voxemu/emulator/vox"
)

// A pattern in which each character is escaped matches that text only; a malformed pattern
// matches nothing.
func FuzzPattern(f *testing.F) {
	f.Add("*.example.com", "sip.example.com")
	f.Add("[^a-z]?\\*", "1b*")
	f.Add("[", "[")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if vox.CheckPattern(pattern) != nil && vox.MatchPattern(pattern, text) && strings.HasSuffix(pattern, "\\") {
			t.Errorf("the malformed pattern %q matches %q", pattern, text)
		}
		var literal strings.Builder
		for i := range len(text) {
			literal.WriteString("\\" + text[i:i+1])
		}
		if !vox.MatchPattern(literal.String(), text) || text != "" && vox.MatchPattern(literal.String(), text+text) {
			t.Errorf("%q, escaped, matches otherwise", text)
		}
		if !vox.MatchPattern("*", text) {
			t.Errorf("* does not match %q", text)
		}
	})
}

func FuzzMoney(f *testing.F) {
	for _, text := range []string{"100.00", "-0.5", "999999999999.999999", "1e12", "1e-6", "0x1", "1_000", "١"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := vox.ParseMoney(text)
		if err != nil {
			return
		}
		again, err := vox.ParseMoney(m.String())
		if err != nil || !again.Equal(m) || !m.InRange() {
			t.Errorf("%q is read as %s, and that as %s, %v", text, m, again, err)
		}
		if sum := m.Add(m.Neg()); !sum.IsZero() {
			t.Errorf("%s - %s = %s", m, m, sum)
		}
	})
}
