package scenarios

import (
	"cmp"
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
	"github.com/goccy/go-yaml/ast"

	"github.com/voxemu/voxemu/emulator/vox"
)

// reader turns nodes into Go values, strictly: the library's own strict mode
// stops at the first mistake, and forgets where the rest stood.
type reader struct {
	draft  *draft
	source Source
	places map[string]mark
}

func valueOf(pointer any) reflect.Value { return reflect.ValueOf(pointer).Elem() }

func (r reader) complain(at ast.Node, format string, args ...any) {
	r.draft.complain(r.source, at.GetToken(), format, args...)
}

// mapping gives a node's pairs; anything else is refused.
func (r reader) mapping(node ast.Node, path string) []*ast.MappingValueNode {
	switch n := node.(type) {
	case *ast.MappingNode:
		return n.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}
	case *ast.NullNode:
		return nil
	}
	r.complain(node, "%swant members such as \"name: value\", found %s", at(path), words(node))
	return nil
}

// sequence gives a node's items; anything else is refused.
func (r reader) sequence(node ast.Node, path string) []ast.Node {
	switch n := node.(type) {
	case *ast.SequenceNode:
		return n.Values
	case *ast.NullNode:
		return nil
	}
	r.complain(node, "%swant a list, found %s", at(path), words(node))
	return nil
}

// at begins a complaint about a member; the row itself has no path.
func at(path string) string {
	if path == "" {
		return ""
	}
	return path + ": "
}

// decode sets v from node; path leads to it from the row or the root.
func (r reader) decode(node ast.Node, v reflect.Value, path string) {
	if _, null := node.(*ast.NullNode); null {
		return
	}
	switch into := v.Addr().Interface().(type) {
	case *vox.Money:
		r.scalar(node, path, "an amount of money such as 100.00", into.UnmarshalText)
	case *vox.Percent:
		r.scalar(node, path, "a percentage from 0 to 100 such as 20", into.UnmarshalText)
	case *time.Time:
		r.scalar(node, path, "a moment such as 2026-01-31T12:00:00Z or a day such as 2026-01-31", parseTime(into))
	case *time.Duration:
		r.scalar(node, path, "a duration such as 5s or 1h30m", parseDuration(into))
	case encoding.TextUnmarshaler:
		r.word(node, path, into)
	default:
		r.decodeKind(node, v, path)
	}
}

func (r reader) decodeKind(node ast.Node, v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.Struct:
		r.members(node, v, path)
	case reflect.Slice:
		v.SetZero() // a later file's list replaces an earlier one's
		for i, item := range r.sequence(node, path) {
			element := reflect.New(v.Type().Elem()).Elem()
			r.decode(item, element, fmt.Sprintf("%s[%d]", path, i))
			v.Set(reflect.Append(v, element))
		}
	case reflect.Map:
		r.entries(node, v, path)
	case reflect.Pointer: // to something that may be left out
		element := reflect.New(v.Type().Elem())
		r.decode(node, element.Elem(), path)
		v.Set(element)
	case reflect.String:
		r.text(node, v, path)
	case reflect.Int, reflect.Int64:
		r.integer(node, v, path)
	case reflect.Float64:
		r.number(node, v, path)
	case reflect.Bool:
		if b, ok := node.(*ast.BoolNode); ok {
			v.SetBool(b.Value)
			return
		}
		r.complain(node, "%s: want true or false, found %s", path, words(node))
	}
}

func (r reader) integer(node ast.Node, v reflect.Value, path string) {
	n, ok := node.(*ast.IntegerNode)
	if !ok {
		r.complain(node, "%s: want an integer, found %s", path, words(node))
		return
	}
	r.scalar(n, path, "an integer", func(text []byte) error {
		number, err := strconv.ParseInt(string(text), 10, 64)
		v.SetInt(number)
		return err
	})
}

func (r reader) number(node ast.Node, v reflect.Value, path string) {
	switch node.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
		r.scalar(node, path, "a number such as 0.3", func(text []byte) error {
			number, err := strconv.ParseFloat(string(text), 64)
			v.SetFloat(number)
			return err
		})
		return
	}
	r.complain(node, "%s: want a number, found %s", path, words(node))
}

// entries sets a map from names to texts; values of another type are mistakes.
func (r reader) entries(node ast.Node, v reflect.Value, path string) {
	v.Set(reflect.MakeMap(v.Type())) // a later file's entries replace an earlier one's
	for _, pair := range r.mapping(node, path) {
		name, element := keyOf(pair), reflect.New(v.Type().Elem()).Elem()
		r.places[path+"."+name] = mark{r.source, pair.Value.GetToken()}
		r.decode(pair.Value, element, path+"."+name)
		v.SetMapIndex(reflect.ValueOf(name), element)
	}
}

// members sets a struct; unknown ones are refused.
func (r reader) members(node ast.Node, v reflect.Value, path string) {
	for _, pair := range r.mapping(node, path) {
		if !r.field(pair, v, path) {
			r.unknown(pair, v.Type())
		}
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
	if text := v.String(); !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		r.complain(node, "%s: want UTF-8 without NUL", name)
	}
}

// scalar reads a node's own text.
func (r reader) scalar(node ast.Node, name, want string, parse func([]byte) error) {
	if _, ok := node.(ast.ScalarNode); !ok || parse([]byte(node.GetToken().Value)) != nil {
		r.complain(node, "%s: want %s", name, want)
	}
}

// word has a type of package fault read a node's text. Its error says what is
// allowed, and not what was found.
func (r reader) word(node ast.Node, name string, into encoding.TextUnmarshaler) {
	if _, ok := node.(ast.ScalarNode); !ok {
		r.complain(node, "%s: want a text or a number, found %s", name, words(node))
		return
	}
	if err := into.UnmarshalText([]byte(node.GetToken().Value)); err != nil {
		r.complain(node, "%s: %v", name, err)
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
// its value; false: there is no such member.
func (r reader) field(pair *ast.MappingValueNode, v reflect.Value, path string) bool {
	name := keyOf(pair)
	if path != "" {
		path += "."
	}
	member, ok := find(v, name)
	if ok {
		r.places[path+name] = mark{r.source, pair.Value.GetToken()}
		r.decode(pair.Value, member, path+name)
	}
	return ok
}

// find gives the member of a struct with a name in files, embedded ones
// included: [reflect.VisibleFields], asked for each member of each row, took a
// quarter of the time of reading a large file.
func find(v reflect.Value, name string) (reflect.Value, bool) {
	for f, member := range v.Fields() {
		if f.Anonymous {
			if found, ok := find(member, name); ok {
				return found, true
			}
		} else if key(f) == name {
			return member, true
		}
	}
	return reflect.Value{}, false
}

// keyOf is a pair's key; quotes, which JSON needs, are not part of it.
func keyOf(pair *ast.MappingValueNode) string { return pair.Key.GetToken().Value }

// keys lists the members that a struct may have.
func keys(t reflect.Type) []string {
	var names []string
	for _, f := range reflect.VisibleFields(t) {
		if name := key(f); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// key is the name of a field in a file; empty for embedded structs.
func key(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	return name
}

// unknown refuses a key and names the one that was probably meant.
func (r reader) unknown(pair *ast.MappingValueNode, in reflect.Type) {
	if r.draft.full() {
		r.complain(pair.Key, "unknown key")
		return
	}
	known := keys(in)
	key, long := cut(keyOf(pair), longest)
	if long {
		key += "…"
	}
	hint := "known here: " + strings.Join(known, ", ")
	near := slices.MinFunc(known, func(a, b string) int {
		return cmp.Compare(levenshtein.ComputeDistance(key, a), levenshtein.ComputeDistance(key, b))
	})
	if levenshtein.ComputeDistance(key, near) <= 2 {
		hint = "did you mean " + near + "?"
	}
	r.complain(pair.Key, "unknown key %s; %s", key, hint)
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
