package scenarios

import (
	"fmt"
	"io"

	"github.com/goccy/go-yaml/scanner"
	"github.com/goccy/go-yaml/token"
)

// The bounds of a file's shape. The format needs five levels and thirty members.
// The library's parser calls itself for each level and for each member, which
// takes time by the square of their number and, with enough of them, the whole
// stack: a crash that nothing can recover from.
const (
	maxDepth   = 100
	maxMembers = 1000
)

// tokenize cuts a text into tokens. It stops at the first one that goes beyond
// the bounds, gives it as well and says why.
func tokenize(text []byte) (tokens token.Tokens, beyond *token.Token, why string) {
	var s scanner.Scanner
	s.Init(string(text))
	var in shape
	for {
		found, err := s.Scan()
		if err == io.EOF { // any other error is a token as well, which the parser reports
			return tokens, nil, ""
		}
		tokens.Add(found...)
		for _, t := range found {
			if why := in.enter(t); why != "" {
				return tokens, t, why
			}
		}
	}
}

// shape counts what opens a level: the brackets that are open, and the signs of
// one line that do so without a bracket, such as "- - -". Levels that are
// indented need no counting: a file of a size is only so deep. It also counts the
// members of the indented mappings that are open.
type shape struct {
	brackets, signs, line int
	mappings              []mapping
}

// mapping is one whose members begin at a column.
type mapping struct{ column, members int }

// enter counts a token and says which bound it breaks.
func (s *shape) enter(t *token.Token) string {
	if t.Position.Line != s.line {
		s.line, s.signs = t.Position.Line, 0
		s.leave(t.Position.Column)
	}
	switch t.Type {
	case token.DocumentHeaderType:
		s.mappings = nil
	case token.SequenceStartType, token.MappingStartType:
		s.brackets++
	case token.SequenceEndType, token.MappingEndType:
		s.brackets = max(s.brackets-1, 0)
	case token.SequenceEntryType:
		s.signs++
		s.leave(t.Position.Column)
	case token.MappingKeyType, token.TagType, token.AnchorType:
		s.signs++
	case token.MappingValueType:
		if t.Prev != nil && s.member(t.Prev.Position.Column) > maxMembers {
			return fmt.Sprintf("has more than %d members in one place", maxMembers)
		}
	}
	if s.brackets+s.signs > maxDepth {
		return fmt.Sprintf("is nested more than %d levels deep", maxDepth)
	}
	return ""
}

// leave closes the mappings to the right of a column.
func (s *shape) leave(column int) {
	for n := len(s.mappings); n > 0 && s.mappings[n-1].column > column; n = len(s.mappings) {
		s.mappings = s.mappings[:n-1]
	}
}

// member counts one more of the mapping at a column. Those between brackets the
// parser reads in a loop.
func (s *shape) member(column int) int {
	if s.brackets > 0 {
		return 0
	}
	s.leave(column)
	n := len(s.mappings)
	if n == 0 || s.mappings[n-1].column < column {
		s.mappings = append(s.mappings, mapping{column: column})
		n++
	}
	s.mappings[n-1].members++
	return s.mappings[n-1].members
}
