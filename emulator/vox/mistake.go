package vox

import (
	"errors"
	"fmt"
	"strings"
)

// ErrInvalid is what errors.Is matches in all [Mistakes]: a file, a rule or a request has
// a form that can be read but a content that is not allowed.
var ErrInvalid = errors.New("invalid")

// Mistake is one error in a file, a rule or a request.
type Mistake struct {
	// File is the name of the file, or of another source such as fault "busy".
	File string
	// Index is the position, from 0, of a rule in its list.
	Index int
	// Line and Column count from 1; 0: the position is unknown.
	Line, Column int
	// Place is the member or parameter, for example when.method; empty: the whole file or
	// request.
	Place string
	// Message states what is wrong and what is allowed.
	Message string
	// Allowed are the allowed values, if they form a list.
	Allowed []string
	// Excerpt is the line with a marker under Column; secrets are masked.
	Excerpt string
}

// Text returns PLACE: MESSAGE, for example "when.method: required".
func (m Mistake) Text() string {
	if m.Place == "" {
		return m.Message
	}
	return m.Place + ": " + m.Message
}

// Error returns FILE:LINE:COLUMN: PLACE: MESSAGE, without the parts that are unknown,
// followed by the excerpt.
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

// Mistakes are all errors found in a file, a rule or a request. [errors.Is] matches
// [ErrInvalid].
type Mistakes []Mistake

// Error returns all mistakes, one per line.
func (m Mistakes) Error() string {
	texts := make([]string, len(m))
	for i, mistake := range m {
		texts[i] = mistake.Error()
	}
	return strings.Join(texts, "\n")
}

// Is reports whether target is [ErrInvalid].
func (m Mistakes) Is(target error) bool { return target == ErrInvalid }
