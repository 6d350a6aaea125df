package document

import (
	"bytes"
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/voxemu/voxemu/emulator/vox"
)

// widest is the maximum number of characters of an excerpt, and longest the number of
// bytes of a line that are searched for secrets before it is cut.
const (
	widest  = 120
	longest = 512
)

// isSecret reports whether the values of a member are secret. A member that is misspelled
// holds one as well.
func isSecret(name string) bool {
	_, misspelled := vox.Nearest(name, []string{"api_key", "password", "private_key", "session_id", "callback_salt"})
	return misspelled || vox.IsSecretName(name)
}

// excerpts returns an excerpt for each mistake: its line, with a marker below the column.
func (r *Report) excerpts() []string {
	excerpts := make([]string, len(r.found))
	lines := map[*byte]map[int]bool{} // of the mistakes, by document
	for i, m := range r.found {
		if text := r.sources[i].Text; len(text) > 0 {
			if lines[&text[0]] == nil {
				lines[&text[0]] = map[int]bool{}
			}
			lines[&text[0]][m.Line] = true
		}
	}
	documents := map[*byte]marks{}
	for key, lines := range lines {
		documents[key] = marksOf(r.parsed[key], lines)
	}
	type place struct {
		document *byte
		line     int
	}
	masked := map[place]maskedLine{} // many mistakes can be on one line
	for i, m := range r.found {
		text := r.sources[i].Text
		if len(text) == 0 {
			continue
		}
		key := &text[0]
		shown, known := masked[place{key, m.Line}]
		if known {
			excerpts[i] = shown.excerpt(m.Line, m.Column)
			continue
		}
		line, ok := lineOf(text, m.Line)
		if !ok {
			continue
		}
		of := documents[key]
		if r.parsed[key] == nil && inSecret(text, m.Line) {
			of = marks{{secret: true}}
		}
		shown = maskLine(line, m.Line, of)
		masked[place{key, m.Line}] = shown
		excerpts[i] = shown.excerpt(m.Line, m.Column)
	}
	return excerpts
}

// maskedLine is the start of a line with its hidden characters.
type maskedLine struct {
	runes  []rune
	hidden []bool
}

func maskLine(line string, number int, marks marks) maskedLine {
	runes := []rune(line[:min(len(line), longest)])
	hidden := make([]bool, len(runes))
	marks.hide(hidden, runes, number)
	hideWords(hidden, runes)
	return maskedLine{runes, hidden}
}

// excerpt returns the line with a marker below a column.
func (l maskedLine) excerpt(number, column int) string {
	runes, hidden := l.runes, l.hidden
	var out []rune
	at := 0 // of the marker
	for i, r := range runes {
		switch {
		case !hidden[i]:
			out = append(out, r)
		case i == 0 || !hidden[i-1]:
			out = append(out, '*', '*', '*')
		}
		if i == column-2 {
			at = len(out)
		}
	}
	if c := column - 1; c > len(runes) {
		at = len(out)
	} else if 0 < c && c < len(runes) && hidden[c] && hidden[c-1] {
		at -= 3 // to the start of the hidden part
	}
	margin := fmt.Sprintf("%4d | ", number)
	shown, rest := cut(string(out), widest)
	if rest {
		shown += "…"
	}
	if at >= widest {
		return margin + shown
	}
	return margin + shown + "\n" + strings.Repeat(" ", len(margin)+at) + "^"
}

// mark is the place at which the name or the value of a member begins. It ends where the
// next one begins.
type mark struct {
	line, column int
	secret       bool
}

// marks are those on the lines of mistakes and the last one before each line, in the
// order of their places.
type marks []mark

func marksOf(root *Node, lines map[int]bool) marks {
	var all marks
	add := func(m mark) {
		if last := len(all) - 1; last >= 0 && !lines[all[last].line] {
			all = all[:last]
		}
		all = append(all, m)
	}
	var walk func(n *Node, secret bool)
	walk = func(n *Node, secret bool) {
		secret = secret || n.secret
		if n.Line > 0 {
			add(mark{n.Line, n.Column, secret})
		}
		for _, m := range n.members {
			add(mark{m.key.Line, m.key.Column, secret})
			walk(m.Value, secret || isSecret(m.Name))
		}
		for _, item := range n.items {
			walk(item, secret)
		}
	}
	if root != nil {
		walk(root, false)
	}
	return all
}

// hide marks the secrets of a line as hidden.
func (all marks) hide(hidden []bool, line []rune, number int) {
	next, _ := slices.BinarySearchFunc(all, number, func(m mark, number int) int { return cmp.Compare(m.line, number) })
	of := mark{line: number, column: 1}
	if next > 0 {
		of.secret = all[next-1].secret
	}
	for ; next < len(all) && all[next].line == number; next++ {
		if of.secret && all[next].secret {
			continue // hidden as one
		}
		if of.secret {
			hide(hidden, line, of.column-1, min(len(line), all[next].column-1))
		}
		of = all[next]
	}
	if of.secret {
		hide(hidden, line, of.column-1, len(line))
	}
}

// hide marks a part as hidden, without the spaces around it and a comma after it.
func hide(hidden []bool, line []rune, from, to int) {
	for from < to && strings.ContainsRune(" \t", line[from]) {
		from++
	}
	for from < to && strings.ContainsRune(" \t,", line[to-1]) {
		to--
	}
	for i := from; i < to; i++ {
		hidden[i] = true
	}
}

var (
	userInformation = regexp.MustCompile(`://([^/?#\s"'@]+@|[^/?#\s"'@:]+:\d*[^/?#\s"'@\d][^/?#\s"'@]*$)`)
	valueOfName     = regexp.MustCompile(`([A-Za-z][\w.-]*)["']?\s*(?::|(=))\s*`)
	insideOfPEM     = regexp.MustCompile(`-----BEGIN.*|^\s*[A-Za-z0-9+/=]{40,}\s*$`)
)

// hideWords hides what looks secret in any part of a line, comments included: user
// information of URLs, values after the name of a secret, and lines of keys.
func hideWords(hidden []bool, line []rune) {
	text := string(line)
	runes := func(offset int) int { return utf8.RuneCountInString(text[:offset]) }
	for _, at := range userInformation.FindAllStringSubmatchIndex(text, -1) {
		hide(hidden, line, runes(at[2]), runes(at[3]))
	}
	for _, at := range insideOfPEM.FindAllStringIndex(text, -1) {
		hide(hidden, line, runes(at[0]), runes(at[1]))
	}
	for _, at := range valueOfName.FindAllStringSubmatchIndex(text, -1) {
		from := runes(at[1])
		if from == len(line) || hidden[from] || !isSecret(text[at[2]:at[3]]) {
			continue
		}
		end := len(text)
		if next := strings.IndexAny(text[at[1]:], "&;"); next >= 0 && at[4] >= 0 {
			end = at[1] + next // of a parameter in a URL
		}
		hide(hidden, line, from, runes(end))
	}
}

var secretAtEnd = regexp.MustCompile(`([A-Za-z][\w.-]*)["']?\s*:\s*(?:["'|>!&#[{].*)?$`)

// inSecret reports whether a line of a document that cannot be parsed may be part of a
// secret that began on a line before: that line ends with the beginning of a value, or is
// indented less and ends with a name.
func inSecret(text []byte, number int) bool {
	var before []string
	for line := range bytes.Lines(text) {
		if number--; number == 0 {
			break
		}
		before = append(before, string(line[:min(len(line), longest)]))
	}
	limit := -1 // the indentation of the closest line
	for _, line := range slices.Backward(before) {
		bare := strings.TrimSpace(line)
		if bare == "" || bare[0] == '#' {
			continue
		}
		indent := len(line) - len(strings.TrimLeft(line, " "))
		if limit >= 0 && indent >= limit {
			continue
		}
		if begun := secretAtEnd.FindStringSubmatch(bare); begun != nil && isSecret(begun[1]) {
			return true
		}
		if limit = indent; limit == 0 {
			break
		}
	}
	return false
}
