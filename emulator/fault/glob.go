package fault

import "strings"

// fits reports whether text fits a pattern in which * stands for any run of
// characters. Package path's patterns would give meaning to the brackets and
// slashes that addresses such as [::1]:5060 have.
func fits(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == text
	}
	text, ok := strings.CutPrefix(text, parts[0])
	if !ok {
		return false
	}
	last := len(parts) - 1
	for _, part := range parts[1:last] {
		at := strings.Index(text, part)
		if at < 0 {
			return false
		}
		text = text[at+len(part):]
	}
	return strings.HasSuffix(text, parts[last])
}

// anyFits reports whether one of the texts fits.
func anyFits(pattern string, texts []string) bool {
	for _, text := range texts {
		if fits(pattern, text) {
			return true
		}
	}
	return false
}
