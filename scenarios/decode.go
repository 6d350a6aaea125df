package scenarios

import (
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/voxemu/voxemu/emulator/vox"
)

// reader turns nodes into Go values, strictly: the library's own strict mode
// stops at the first mistake, and forgets where the rest stood.
type reader struct {
	draft  *draft
	source Source
	places map[string]*token.Token
}

func valueOf(pointer any) reflect.Value { return reflect.ValueOf(pointer).Elem() }

func (r reader) complain(at ast.Node, format string, args ...any) {
	r.draft.complain(r.source, at.GetToken(), format, args...)
}

// mapping gives a node's pairs; anything else is refused.
func (r reader) mapping(node ast.Node) []*ast.MappingValueNode {
	switch n := node.(type) {
	case *ast.MappingNode:
		return n.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}
	case *ast.NullNode:
		return nil
	}
	r.complain(node, "want members such as \"name: value\", found %s", words(node))
	return nil
}

// sequence gives a node's items; anything else is refused.
func (r reader) sequence(node ast.Node) []ast.Node {
	switch n := node.(type) {
	case *ast.SequenceNode:
		return n.Values
	case *ast.NullNode:
		return nil
	}
	r.complain(node, "want a list, found %s", words(node))
	return nil
}

// decode sets v from node.
func (r reader) decode(node ast.Node, v reflect.Value, name string) {
	if _, null := node.(*ast.NullNode); null {
		return
	}
	switch into := v.Addr().Interface().(type) {
	case *vox.Money:
		r.scalar(node, name, "an amount of money such as 100.00", into.UnmarshalText)
	case *time.Time:
		r.scalar(node, name, "a moment such as 2026-01-31T12:00:00Z or a day such as 2026-01-31", parseTime(into))
	case *time.Duration:
		r.scalar(node, name, "a duration such as 5s or 1h30m", parseDuration(into))
	default:
		r.decodeKind(node, v, name)
	}
}

func (r reader) decodeKind(node ast.Node, v reflect.Value, name string) {
	switch v.Kind() {
	case reflect.Struct:
		for _, pair := range r.mapping(node) {
			r.field(pair, v)
		}
	case reflect.Slice:
		for _, item := range r.sequence(node) {
			element := reflect.New(v.Type().Elem()).Elem()
			r.decode(item, element, name)
			v.Set(reflect.Append(v, element))
		}
	case reflect.String:
		r.text(node, v, name)
	case reflect.Int64:
		if n, ok := node.(*ast.IntegerNode); ok {
			r.scalar(n, name, "an integer", func(text []byte) error {
				number, err := strconv.ParseInt(string(text), 10, 64)
				v.SetInt(number)
				return err
			})
			return
		}
		r.complain(node, "%s: want an integer, found %s", name, words(node))
	case reflect.Bool:
		if b, ok := node.(*ast.BoolNode); ok {
			v.SetBool(b.Value)
			return
		}
		r.complain(node, "%s: want true or false, found %s", name, words(node))
	}
}

// text reads a quoted, plain or block text. Plain numbers and booleans are
// refused, because YAML would change them (007, 1.10, yes).
func (r reader) text(node ast.Node, v reflect.Value, name string) {
	switch n := node.(type) {
	case *ast.StringNode:
		v.SetString(n.Value)
	case *ast.LiteralNode:
		v.SetString(n.Value.Value)
	default:
		r.complain(node, "%s: want a text, found %s; put it in quotes", name, words(node))
	}
}

// scalar reads a node's own text.
func (r reader) scalar(node ast.Node, name, want string, parse func([]byte) error) {
	if _, ok := node.(ast.ScalarNode); !ok || parse([]byte(node.GetToken().Value)) != nil {
		r.complain(node, "%s: want %s", name, want)
	}
}

func parseTime(into *time.Time) func([]byte) error {
	return func(text []byte) error {
		layout := time.RFC3339Nano
		if len(text) == len(time.DateOnly) {
			layout = time.DateOnly
		}
		parsed, err := time.Parse(layout, string(text))
		*into = parsed.UTC()
		return err
	}
}

func parseDuration(into *time.Duration) func([]byte) error {
	return func(text []byte) error {
		parsed, err := time.ParseDuration(string(text))
		*into = parsed
		return err
	}
}

// field sets the member of a struct that a pair names, and notes the place of
// its value.
func (r reader) field(pair *ast.MappingValueNode, v reflect.Value) {
	var known []string
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
		if name == pair.Key.String() {
			r.places[name] = pair.Value.GetToken()
			r.decode(pair.Value, v.Field(i), name)
			return
		}
		known = append(known, name)
	}
	r.unknown(pair, known)
}

// unknown refuses a key and names the one that was probably meant.
func (r reader) unknown(pair *ast.MappingValueNode, known []string) {
	key := pair.Key.String()
	hint := "known here: " + strings.Join(known, ", ")
	for _, candidate := range known {
		if distance(key, candidate) <= 2 {
			hint = "did you mean " + candidate + "?"
			break
		}
	}
	r.complain(pair.Key, "unknown key %s; %s", key, hint)
}

// distance is the number of single-letter changes between two words.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}

// words names a node's kind for people; never its value, which may be a secret.
func words(node ast.Node) string {
	switch node.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		return "an anchor or alias, which scenarios do not use"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "members"
	case *ast.SequenceNode:
		return "a list"
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return "a number"
	case *ast.BoolNode:
		return "a boolean"
	}
	return "a text"
}
