package scenarios

import (
	"bytes"
	"fmt"
	"reflect"
	"regexp"
	"strings"
)

// Source is the text of a scenario with the name that errors show.
type Source struct {
	Name string
	Text []byte
	// Large lifts the limit of 16 MiB, for a state that an emulator has written
	// itself; default: the limit holds.
	Large bool
}

// excerpt shows a line with a marker under the column.
func (s Source) excerpt(line, column int) string {
	text, ok := s.line(line)
	if !ok {
		return ""
	}
	const widest = 120
	shown, rest := cut(text, widest)
	shown = mask(shown)
	if rest {
		shown += "…"
	}
	number := fmt.Sprintf("%4d | ", line)
	if column > widest {
		return number + shown
	}
	return number + shown + "\n" + strings.Repeat(" ", len(number)+max(column-1, 0)) + "^"
}

// line is one line of the text, counted from 1, without its end.
func (s Source) line(number int) (string, bool) {
	for text := range bytes.Lines(s.Text) {
		if number--; number == 0 {
			return strings.TrimRight(string(text), "\r\n"), true
		}
	}
	return "", false
}

// cut keeps the first characters of a text and tells whether there were more.
func cut(text string, characters int) (string, bool) {
	for i := range text {
		if characters == 0 {
			return text[:i], true
		}
		characters--
	}
	return text, false
}

// mask hides the values of secrets: the rest of a line behind their names, and
// lines that look like the inside of a PEM block.
func mask(line string) string {
	names := strings.Join(secretKeys(reflect.TypeFor[Scenario]()), "|")
	named := regexp.MustCompile(`((?:` + names + `)["']?\s*:\s*).+`)
	key := regexp.MustCompile(`^(\s*)[A-Za-z0-9+/=]{40,}\s*$`)
	return key.ReplaceAllString(named.ReplaceAllString(line, "${1}***"), "${1}***")
}
