package document

import (
	"bytes"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/voxemu/voxemu/emulator/vox"
)

// maxMistakes is the maximum number of listed mistakes; others are counted. A file of
// another kind could have millions.
const maxMistakes = 100

// Report collects the mistakes of documents.
type Report struct {
	found   vox.Mistakes
	listed  map[listed]bool
	added   int // all mistakes, listed or not
	leftOut int
	of      reflect.Type
	secrets *regexp.Regexp // compiled on first use
}

// listed is a mistake without its excerpt.
type listed struct {
	file         string
	line, column int
	place, text  string
}

// NewReport returns an empty report for documents of a type. Excerpts do not show its
// fields that are tagged as secret.
func NewReport(of reflect.Type) *Report { return &Report{listed: map[listed]bool{}, of: of} }

// Add adds a mistake at a node, or nil for the document as a whole; place is the member.
// A repetition at the same place is ignored.
func (r *Report) Add(source Source, at *Node, place, format string, args ...any) {
	r.add(source, at, vox.Mistake{Place: place, Message: fmt.Sprintf(format, args...)})
}

func (r *Report) add(source Source, at *Node, m vox.Mistake) {
	r.added++
	m.File = source.Name
	if at != nil {
		m.Line, m.Column = at.Line, at.Column
	}
	key := listed{m.File, m.Line, m.Column, m.Place, m.Message}
	switch {
	case r.listed[key]:
	case r.full():
		r.leftOut++
	default:
		r.listed[key] = true
		m.Excerpt = r.excerpt(source, m.Line, m.Column)
		r.found = append(r.found, m)
	}
}

// full reports whether the maximum number of mistakes is reached.
func (r *Report) full() bool { return len(r.found) >= maxMistakes }

// Len returns the number of mistakes.
func (r *Report) Len() int { return r.added }

// Err returns nil if there are no mistakes, else [vox.Mistakes] in the order of the files
// and lines; the last one may state the number of omitted mistakes.
func (r *Report) Err(files ...string) error {
	if len(r.found) == 0 {
		return nil
	}
	slices.SortStableFunc(r.found, func(a, b vox.Mistake) int {
		if a.File != b.File {
			return slices.Index(files, a.File) - slices.Index(files, b.File)
		}
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	if r.leftOut == 0 {
		return r.found
	}
	last := r.found[len(r.found)-1]
	return append(r.found, vox.Mistake{File: last.File, Message: fmt.Sprintf("and %d mistakes more", r.leftOut)})
}

// excerpt returns a line of the source with a marker below the column.
func (r *Report) excerpt(source Source, number, column int) string {
	line, ok := lineOf(source.Text, number)
	if !ok {
		return ""
	}
	const widest = 120
	shown, rest := cut(line, widest)
	shown = r.mask(shown)
	if rest {
		shown += "…"
	}
	margin := fmt.Sprintf("%4d | ", number)
	if column > widest {
		return margin + shown
	}
	return margin + shown + "\n" + strings.Repeat(" ", len(margin)+max(column-1, 0)) + "^"
}

// lineOf returns a line of a text, from 1, without its end; false if there is none.
func lineOf(text []byte, number int) (string, bool) {
	for line := range bytes.Lines(text) {
		if number--; number == 0 {
			return strings.TrimRight(string(line), "\r\n"), true
		}
	}
	return "", false
}

// cut returns the first characters of a text and reports whether there are more.
func cut(text string, characters int) (string, bool) {
	for i := range text {
		if characters == 0 {
			return text[:i], true
		}
		characters--
	}
	return text, false
}

var insideOfPEM = regexp.MustCompile(`^(\s*)[A-Za-z0-9+/=]{40,}\s*$`)

// mask masks secrets: the rest of a line after their names, and lines that can be part of
// a PEM block.
func (r *Report) mask(line string) string {
	if r.secrets == nil {
		names := append(Secrets(r.of), "-----BEGIN") // at least one
		r.secrets = regexp.MustCompile(`((?:` + strings.Join(names, "|") + `)["']?\s*:\s*).+`)
	}
	return insideOfPEM.ReplaceAllString(r.secrets.ReplaceAllString(line, "${1}***"), "${1}***")
}

// Secrets returns the names of the members in a type that are tagged as secret.
func Secrets(t reflect.Type) []string {
	seen, names := map[reflect.Type]bool{}, map[string]bool{}
	var walk func(reflect.Type)
	walk = func(t reflect.Type) {
		if t == nil || seen[t] {
			return
		}
		seen[t] = true
		switch t.Kind() {
		case reflect.Slice, reflect.Pointer, reflect.Map:
			walk(t.Elem())
		case reflect.Struct:
			for f := range t.Fields() {
				if f.Tag.Get("secret") != "" {
					names[nameOf(f)] = true
				} else if f.IsExported() {
					walk(f.Type)
				}
			}
		}
	}
	walk(t)
	return slices.Sorted(maps.Keys(names))
}
