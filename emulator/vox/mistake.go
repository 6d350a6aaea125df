package vox

import (
	"errors"
	"fmt"
	"strings"
)

// ErrInvalid is what all [Mistakes] are: a file, a rule or a request that can be
// read but makes no sense.
var ErrInvalid = errors.New("invalid")

// Mistake is one thing that is wrong with a file, a rule or a request.
type Mistake struct {
	// File is what was judged, as given: the name of a file, or fault "busy".
	File string
	// Index is the position, from 0, of the rule in a list of rules.
	Index int
	// Line and Column count from 1; 0: the mistake has no place in a text.
	Line, Column int
	// Place is the member or parameter, for example when.method; empty: the
	// whole.
	Place string
	// Message says what is wrong and what is allowed.
	Message string
	// Allowed lists what may stand there instead, when that is a list.
	Allowed []string
	// Excerpt is the line with a marker under the place; secrets are masked.
	Excerpt string
}

// Text is the message behind its place: when.method: required.
func (m Mistake) Text() string {
	if m.Place == "" {
		return m.Message
	}
	return m.Place + ": " + m.Message
}

// Error is FILE:LINE:COLUMN: PLACE: MESSAGE and, on lines of its own, the
// excerpt; what is unknown is left out.
func (m Mistake) Error() string {
	text := m.Text()
	switch {
	case m.File != "" && m.Line > 0:
		text = fmt.Sprintf("%s:%d:%d: %s", m.File, m.Line, m.Column, text)
	case m.File != "":
		text = m.File + ": " + text
	}
	if m.Excerpt != "" {
		text += "\n" + m.Excerpt
	}
	return text
}

// Mistakes are all that is wrong, an error that [errors.Is] takes for
// [ErrInvalid].
type Mistakes []Mistake

// Error is one mistake after the other.
func (m Mistakes) Error() string {
	texts := make([]string, len(m))
	for i, mistake := range m {
		texts[i] = mistake.Error()
	}
	return strings.Join(texts, "\n")
}

// Is makes every list of mistakes an [ErrInvalid].
func (m Mistakes) Is(target error) bool { return target == ErrInvalid }
