// Package document reads YAML and JSON strictly: scenario files, fault rules,
// expectations, the bodies of the control API. It parses a document into nodes with their
// places, and decodes the nodes into Go values. Unknown and repeated members, anchors,
// tags and values of another type are refused. All mistakes are reported at once, each
// with its place and what is allowed.
package document

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
)

// Limits of a document: its size in bytes, the number of characters that separate values,
// and its depth of nesting. 16 MiB of rows have three million separators, and a value
// takes a hundred bytes. The scenario format needs six levels.
const (
	maxSize       = 16 << 20
	maxSeparators = 4 << 20
	maxDepth      = 100
	tooDeep       = "is nested more than 100 levels deep"
)

// Source is the text of a document, with a name for mistakes.
type Source struct {
	Name string
	Text []byte
	// Large disables the limit of 16 MiB, for a state that an emulator has written;
	// default: false.
	Large bool
	// Interrupt ends the parsing when it is closed, because nobody waits for it; default
	// nil: never.
	Interrupt <-chan struct{}
}

// Read reads a document in YAML or JSON into into; null is ignored. The error is
// [vox.Mistakes]; everything that could be read is set.
func Read(source Source, into any) error {
	report := NewReport()
	if root := report.Parse(source); root != nil {
		report.Decode(source, root, into, "")
	}
	return report.Err()
}

// ReadJSON is [Read] for JSON only: null is refused, and values with the format of a
// text, such as amounts of money, are not read from numbers.
func ReadJSON(source Source, into any) error {
	report := NewReport()
	d := decoder{report: report, source: source, json: true}
	text, err := UTF8(source.Text)
	if err != nil {
		report.Add(source, nil, "", "%v", err)
		return report.Err()
	}
	if root := report.parseJSON(source, text); root != nil {
		report.parsed[&text[0]] = root
		d.decode(root, reflect.ValueOf(into).Elem(), "")
	}
	return report.Err()
}

// ToJSON converts a document in YAML or JSON to JSON. The error is [vox.Mistakes].
func ToJSON(source Source) (json.RawMessage, error) {
	report := NewReport()
	root := report.Parse(source)
	if err := report.Err(); err != nil {
		return nil, err
	}
	if root == nil {
		return json.RawMessage("null\n"), nil
	}
	return append(root.appendJSON(nil), '\n'), nil
}

// Parse returns the root of a document in YAML or JSON; nil if it is empty or malformed.
func (r *Report) Parse(source Source) *Node {
	root := r.parse(source)
	if root != nil {
		r.parsed[&withoutMark(source.Text)[0]] = root
	}
	return root
}

func (r *Report) parse(source Source) *Node {
	if len(source.Text) > maxSize && !source.Large {
		r.Add(source, nil, "", "has %d bytes; at most %d are read", len(source.Text), maxSize)
		return nil
	}
	text, err := UTF8(source.Text)
	if err != nil {
		r.Add(source, nil, "", "%v", err)
		return nil
	}
	if !source.Large && separators(text) > maxSeparators {
		r.Add(source, nil, "", "has more than %d commas, colons and lines", maxSeparators)
		return nil
	}
	// YAML does not support surrogate pairs such as "\ud83d\ude00", but JSON does.
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) && json.Valid(text) {
		return r.parseJSON(source, text)
	}
	return r.parseYAML(source, text)
}

func separators(text []byte) int {
	return bytes.Count(text, []byte(",")) + bytes.Count(text, []byte(":")) + bytes.Count(text, []byte("\n"))
}

// Node is a value of a document.
type Node struct {
	// Line and Column are its place, from 1.
	Line, Column int
	// Broken reports whether the node or a part of it could not be read, which was
	// reported.
	Broken bool
	secret bool // not shown in excerpts

	kind    kind
	text    string // of a scalar, without its quotes
	members []Member
	items   []*Node
}

// Member is a member of a node.
type Member struct {
	Name  string
	Value *Node
	key   *Node // the node of the name
}

type kind int

const (
	nothing kind = iota
	text
	integer
	decimal
	boolean
	list
	object
	alias
	tag
)

// String returns the kind for messages, which must not contain the value because it can
// be secret.
func (k kind) String() string {
	return [...]string{
		"nothing", "a text", "a number", "a number", "a boolean", "a list", "members",
		"an anchor or alias, which is not read here", "a tag, which is not read here",
	}[k]
}

func (n *Node) isScalar() bool {
	return n.kind == text || n.kind == integer || n.kind == decimal || n.kind == boolean
}

// Text returns the text of a node; false if it is not a text.
func (n *Node) Text() (string, bool) { return n.text, n.kind == text }

// At returns the node at a path such as rules[0].proxy or, if there is none, the node in
// which it is missing; exact reports which.
func (n *Node) At(path string) (at *Node, exact bool) {
	if path == "" {
		return n, true
	}
	at = n
	for _, m := range n.members {
		rest, ok := strings.CutPrefix(path, m.Name)
		if !ok || rest != "" && rest[0] != '.' && rest[0] != '[' {
			continue
		}
		if at, exact = m.Value.At(strings.TrimPrefix(rest, ".")); exact {
			return at, true
		}
	}
	if number, rest, ok := strings.Cut(strings.TrimPrefix(path, "["), "]"); ok && path[0] == '[' {
		if i, err := strconv.Atoi(number); err == nil && i < len(n.items) {
			return n.items[i].At(strings.TrimPrefix(rest, "."))
		}
	}
	return at, false
}

// appendJSON writes the node as JSON; plain values that are not JSON become texts.
func (n *Node) appendJSON(out []byte) []byte {
	switch n.kind {
	case nothing:
		return append(out, "null"...)
	case list:
		out = append(out, '[')
		for i, item := range n.items {
			if i > 0 {
				out = append(out, ", "...)
			}
			out = item.appendJSON(out)
		}
		return append(out, ']')
	case object:
		out = append(out, '{')
		for i, m := range n.members {
			if i > 0 {
				out = append(out, ", "...)
			}
			out = append(appendText(out, m.Name), ": "...)
			out = m.Value.appendJSON(out)
		}
		return append(out, '}')
	case boolean, integer, decimal:
		if json.Valid([]byte(n.text)) {
			return append(out, n.text...)
		}
	}
	return appendText(out, n.text)
}

func appendText(out []byte, text string) []byte {
	var quoted bytes.Buffer
	encoder := json.NewEncoder(&quoted)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(text) // cannot fail: texts can always be encoded
	return append(out, bytes.TrimSuffix(quoted.Bytes(), []byte("\n"))...)
}
