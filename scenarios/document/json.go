package document

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"
)

// parseJSON returns the root of a JSON text; nil if it is malformed.
func (r *Report) parseJSON(source Source, text []byte) *Node {
	var whole json.RawMessage
	if err := json.Unmarshal(text, &whole); err != nil {
		p := jsonParser{text: text, line: 1, column: 1}
		var broken *json.SyntaxError
		if errors.As(err, &broken) {
			p.advance(int(broken.Offset))
		}
		r.Add(source, &Node{Line: p.line, Column: p.column}, "", "is no JSON: %v, at byte %d", err, p.offset)
		return nil
	}
	p := jsonParser{text: text, tokens: json.NewDecoder(bytes.NewReader(text)), line: 1, column: 1}
	p.input = interruptible{interrupt: source.Interrupt}
	p.tokens.UseNumber()
	root := p.value(0)
	if p.input.isInterrupted() {
		r.Add(source, nil, "", "%s", interrupted)
		return nil
	}
	if p.broken != nil {
		r.Add(source, p.broken, "", "%s", p.why)
		return nil
	}
	return root
}

// jsonParser creates nodes from tokens; the syntax was checked before.
type jsonParser struct {
	text                 []byte
	tokens               *json.Decoder
	input                interruptible
	offset, line, column int
	broken               *Node // the first node that cannot be read
	why                  string
}

// advance counts lines and columns up to an offset.
func (p *jsonParser) advance(to int) {
	passed := p.text[p.offset:to]
	p.offset = to
	if n := bytes.Count(passed, []byte("\n")); n > 0 {
		p.line, p.column = p.line+n, 1
		passed = passed[bytes.LastIndexByte(passed, '\n')+1:]
	}
	p.column += utf8.RuneCount(passed)
}

// next returns the next token and a node with its place.
func (p *jsonParser) next() (json.Token, *Node) {
	start := int(p.tokens.InputOffset())
	for start < len(p.text) && strings.IndexByte(" \t\r\n,:", p.text[start]) >= 0 {
		start++
	}
	p.advance(start)
	token, _ := p.tokens.Token() // cannot fail: the syntax was checked
	n := &Node{Line: p.line, Column: p.column}
	if text, ok := token.(string); ok && strings.ContainsRune(text, utf8.RuneError) {
		written := bytes.ToLower(p.text[start:p.tokens.InputOffset()])
		// The library replaces half of a surrogate pair by this character.
		if strings.Count(text, "\uFFFD") > bytes.Count(written, []byte("\uFFFD"))+bytes.Count(written, []byte(`\ufffd`)) {
			p.refuse(n, "holds half of a pair of surrogates")
		}
	}
	return token, n
}

func (p *jsonParser) refuse(n *Node, why string) {
	if p.broken == nil {
		p.broken, p.why = n, why
	}
}

func (p *jsonParser) value(depth int) *Node {
	token, n := p.next()
	switch token := token.(type) {
	case nil:
		n.kind = nothing
	case bool:
		n.kind, n.text = boolean, map[bool]string{true: "true", false: "false"}[token]
	case string:
		n.kind, n.text = text, token
	case json.Number:
		n.kind, n.text = integer, token.String()
		if strings.ContainsAny(n.text, ".eE") {
			n.kind = decimal
		}
	case json.Delim:
		p.content(n, token, depth)
	}
	return n
}

func (p *jsonParser) content(n *Node, opening json.Delim, depth int) {
	if depth >= maxDepth {
		p.refuse(n, tooDeep)
	}
	n.kind = list
	if opening == '{' {
		n.kind = object
	}
	for p.tokens.More() && p.broken == nil && !p.input.isInterrupted() {
		if n.kind == list {
			n.items = append(n.items, p.value(depth+1))
			continue
		}
		name, key := p.next()
		key.kind = text
		n.members = append(n.members, Member{Name: name.(string), Value: p.value(depth + 1), key: key})
	}
	if p.broken == nil && !p.input.isInterrupted() {
		p.next() // the closing bracket
	}
}
