package document

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/voxemu/voxemu/emulator/vox"
)

// maxMistakes is the maximum number of listed mistakes; others are counted. A file of
// another kind could have millions.
const maxMistakes = 100

// Report collects the mistakes of documents.
type Report struct {
	found   vox.Mistakes // without excerpts
	sources []Source     // of each mistake in found
	listed  map[listed]bool
	added   int // all mistakes, listed or not
	leftOut int
	parsed  map[*byte]*Node // the root of each document, by its text
}

// listed is a mistake without its excerpt.
type listed struct {
	file         string
	line, column int
	place, text  string
}

// NewReport returns an empty report.
func NewReport() *Report { return &Report{listed: map[listed]bool{}, parsed: map[*byte]*Node{}} }

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
		source.Text = withoutMark(source.Text) // lines and columns are counted without it
		r.found, r.sources = append(r.found, m), append(r.sources, source)
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
	found := slices.Clone(r.found)
	for i, excerpts := range r.excerpts() {
		found[i].Excerpt = excerpts
	}
	slices.SortStableFunc(found, func(a, b vox.Mistake) int {
		if a.File != b.File {
			return slices.Index(files, a.File) - slices.Index(files, b.File)
		}
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	if r.leftOut == 0 {
		return found
	}
	last := found[len(found)-1]
	return append(found, vox.Mistake{File: last.File, Message: fmt.Sprintf("and %d mistakes more", r.leftOut)})
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
