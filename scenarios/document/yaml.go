package document

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// parseYAML returns the root of a document; nil if it is empty or malformed. The time is
// proportional to the length.
func (r *Report) parseYAML(source Source, text []byte) *Node {
	input := interruptible{bytes.NewReader(withoutVersion(text)), source.Interrupt}
	loader, err := yaml.NewLoader(input, yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth))))
	var first, second yaml.Node
	if err == nil {
		err = loader.Load(&first)
	}
	if err == io.EOF {
		return nil // nothing but comments
	}
	if err == nil {
		err = loader.Load(&second)
	}
	var broken *yaml.LoadError
	switch {
	case err == io.EOF:
		return nodeOf(&first)
	case input.isInterrupted():
		r.Add(source, nil, "", "%s", interrupted)
		return nil
	case errors.As(err, &broken):
		why, at := broken.Message, broken.Mark
		if _, ok := lineOf(text, at.Line); !ok && at.Line > 1 { // an unclosed quote or bracket
			last, _ := lineOf(text, at.Line-1)
			at.Line, at.Column = at.Line-1, utf8.RuneCountInString(last)+1
		}
		if strings.HasPrefix(why, "exceeded max depth") {
			why = tooDeep
		} else {
			why = "no YAML: " + why
		}
		r.Add(source, &Node{Line: at.Line, Column: at.Column}, "", "%s", why)
		return nil
	case err != nil:
		r.Add(source, nil, "", "no YAML: %v", err)
		return nil
	}
	r.Add(source, &Node{Line: second.Line, Column: second.Column}, "", "holds several documents; want one, so remove ---")
	return nil
}

// interrupted is the mistake of a text that was not read to its end.
const interrupted = "was not read: its sender has gone"

// interruptible reads a text until a channel is closed. The parser reads while it parses,
// so it stops soon.
type interruptible struct {
	io.Reader
	interrupt <-chan struct{} // nil: never
}

func (i interruptible) Read(p []byte) (int, error) {
	if i.isInterrupted() {
		return 0, io.ErrUnexpectedEOF
	}
	return i.Reader.Read(p[:min(len(p), 64<<10)])
}

func (i interruptible) isInterrupted() bool {
	select {
	case <-i.interrupt:
		return true
	default:
		return false
	}
}

var (
	versionLine = regexp.MustCompile(`(?m)^%YAML[ \t]+1\.[12][ \t]*(#.*)?\r?$`)
	startLine   = regexp.MustCompile(`(?m)^---`)
)

// withoutVersion returns a text in which a directive such as %YAML 1.2 before the
// document is a comment in the same place: the library accepts 1.1 only.
func withoutVersion(text []byte) []byte {
	if !bytes.Contains(text, []byte("%YAML")) {
		return text
	}
	start := startLine.FindIndex(text)
	if start == nil {
		return text
	}
	at := versionLine.FindIndex(text[:start[0]])
	if at == nil || slices.ContainsFunc(slices.Collect(bytes.Lines(text[:at[0]])), isContent) {
		return text
	}
	text = bytes.Clone(text)
	text[at[0]] = '#'
	return text
}

// isContent reports whether a line is neither empty nor a comment nor a directive.
func isContent(line []byte) bool {
	line = bytes.TrimSpace(line)
	return len(line) > 0 && line[0] != '#' && line[0] != '%'
}

// nodeOf copies the library's node.
func nodeOf(from *yaml.Node) *Node {
	n := &Node{Line: from.Line, Column: from.Column, text: from.Value}
	refused := from.Anchor != "" || from.Style&yaml.TaggedStyle != 0
	n.secret = refused && len(from.Content) > 0 // its members, which can be secret, are not read
	switch {
	case from.Kind == yaml.DocumentNode:
		return nodeOf(from.Content[0])
	case from.Kind == yaml.AliasNode || from.Anchor != "":
		n.kind = alias
	case from.Style&yaml.TaggedStyle != 0:
		n.kind = tag
	case from.Kind == yaml.SequenceNode:
		n.kind, n.items = list, make([]*Node, len(from.Content))
		for i, item := range from.Content {
			n.items[i] = nodeOf(item)
		}
	case from.Kind == yaml.MappingNode:
		n.kind, n.members = object, make([]Member, len(from.Content)/2)
		for i := range n.members {
			key := nodeOf(from.Content[2*i])
			n.members[i] = Member{Name: key.text, Value: nodeOf(from.Content[2*i+1]), key: key}
		}
	default:
		n.kind = kindOf(from)
	}
	return n
}

func kindOf(scalar *yaml.Node) kind {
	switch scalar.ShortTag() {
	case "!!null":
		return nothing
	case "!!bool":
		return boolean
	case "!!int":
		return integer
	case "!!float":
		return decimal
	}
	return text
}
