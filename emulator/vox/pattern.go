package vox

import (
	"errors"
	"strings"
	"unicode/utf8"
)

var errPattern = errors.New("want a pattern such as *.example.com, where * stands for any characters, ? for one, [a-z] for one of a set, and a backslash makes the next character stand for itself")

// CheckPattern returns an error for a malformed pattern: a set that is empty or not
// closed, or a backslash at the end. [MatchPattern] matches nothing with such a pattern.
func CheckPattern(pattern string) error {
	for pattern != "" {
		switch pattern[0] {
		case '[':
			rest, _, ok := matchSet(pattern[1:], 0)
			if !ok {
				return errPattern
			}
			pattern = rest
		case '\\':
			if len(pattern) == 1 {
				return errPattern
			}
			pattern = pattern[2:]
		default:
			pattern = pattern[1:]
		}
	}
	return nil
}

// MatchPattern reports whether a pattern matches the whole text. * matches any
// characters, ? one character, [a-z] one character of a set, [^a-z] one character outside
// it; a backslash makes the next character literal. The time is at most the product of
// both lengths, because only the last * is retried.
func MatchPattern(pattern, text string) bool {
	star, afterStar, given := false, "", ""
	for pattern != "" || text != "" {
		if strings.HasPrefix(pattern, "*") {
			pattern = pattern[1:]
			star, afterStar, given = true, pattern, text
			continue
		}
		if rest, restOfText, ok := matchOne(pattern, text); ok {
			pattern, text = rest, restOfText
			continue
		}
		if !star || given == "" {
			return false
		}
		_, size := utf8.DecodeRuneInString(given)
		given = given[size:]
		pattern, text = afterStar, given
	}
	return true
}

// matchOne matches the first element of a pattern other than * with the first character
// of the text, and returns what follows both.
func matchOne(pattern, text string) (restOfPattern, restOfText string, ok bool) {
	if pattern == "" || text == "" {
		return "", "", false
	}
	char, size := utf8.DecodeRuneInString(text)
	switch pattern[0] {
	case '?':
		return pattern[1:], text[size:], true
	case '[':
		rest, in, ok := matchSet(pattern[1:], char)
		return rest, text[size:], ok && in
	case '\\':
		pattern = pattern[1:]
	}
	if pattern == "" || pattern[0] != text[0] {
		return "", "", false
	}
	return pattern[1:], text[1:], true
}

// matchSet reads a set, after its [, and reports whether it contains char; ok is false if
// the set is malformed.
func matchSet(set string, char rune) (rest string, in, ok bool) {
	set, negated := strings.CutPrefix(set, "^")
	for first := true; ; first = false {
		if rest, end := strings.CutPrefix(set, "]"); end && !first {
			return rest, in != negated, true
		}
		low, rest, ok := setChar(set)
		if !ok {
			return "", false, false
		}
		high := low
		if end, isRange := strings.CutPrefix(rest, "-"); isRange {
			if high, rest, ok = setChar(end); !ok {
				return "", false, false
			}
		}
		in = in || low <= char && char <= high
		set = rest
	}
}

// setChar reads one character of a set; - and ] must be escaped by a backslash.
func setChar(set string) (char rune, rest string, ok bool) {
	set, escaped := strings.CutPrefix(set, `\`)
	if set == "" || !escaped && (set[0] == '-' || set[0] == ']') {
		return 0, "", false
	}
	char, size := utf8.DecodeRuneInString(set)
	return char, set[size:], true
}
