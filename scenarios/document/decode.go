package document

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Decode decodes a node of a source into into; path is the node's place, for the
// mistakes, which are added to the report.
func (r *Report) Decode(source Source, n *Node, into any, path string) {
	decoder{report: r, source: source}.decode(n, reflect.ValueOf(into).Elem(), path)
}

// Members returns the members of a node. Other nodes and repeated names are reported.
func (r *Report) Members(source Source, n *Node, path string) []Member {
	return decoder{report: r, source: source}.members(n, path)
}

// Items returns the items of a list. Other nodes are reported.
func (r *Report) Items(source Source, n *Node, path string) []*Node {
	return decoder{report: r, source: source}.items(n, path)
}

// Field decodes a member into the field of into with its name; false if there is none,
// which is reported. path is the place of the member's node.
func (r *Report) Field(source Source, m Member, into any, path string) bool {
	return decoder{report: r, source: source}.field(m, reflect.ValueOf(into).Elem(), path)
}

type decoder struct {
	report *Report
	source Source
	json   bool // see [ReadJSON]
}

func (d decoder) refuse(n *Node, path, format string, args ...any) {
	n.Broken = true
	d.report.Add(d.source, n, path, format, args...)
}

func (d decoder) members(n *Node, path string) []Member {
	switch n.kind {
	case nothing:
		return nil
	case object:
	default:
		d.refuse(n, path, `want members such as "name: value", found %s`, n.kind)
		return nil
	}
	seen := make(map[string]bool, len(n.members))
	for _, m := range n.members {
		if !m.key.isScalar() && m.key.kind != nothing {
			d.refuse(m.key, path, "want the name of a member, found %s", m.key.kind)
		}
		if seen[m.Name] {
			n.Broken = true
			d.refuse(m.key, join(path, shown(m.Name)), "is given twice")
		}
		seen[m.Name] = true
	}
	return n.members
}

func (d decoder) items(n *Node, path string) []*Node {
	if n.kind != list && n.kind != nothing {
		d.refuse(n, path, "want a list, found %s", n.kind)
	}
	return n.items
}

// decode sets v from a node. If anything in the node is invalid, the node is marked as
// broken.
func (d decoder) decode(n *Node, v reflect.Value, path string) {
	before := d.report.added
	defer func() { n.Broken = n.Broken || d.report.added > before }()
	if n.kind == nothing {
		if d.json {
			d.refuse(n, path, "null means nothing here; leave it out")
		}
		return
	}
	switch into := v.Addr().Interface().(type) {
	case *vox.Money:
		d.scalar(n, path, "an amount of money such as 100.00", into.UnmarshalText)
	case *vox.Percent:
		d.scalar(n, path, "a percentage from 0 to 100 such as 20", into.UnmarshalText)
	case *time.Time:
		d.scalar(n, path, "a moment such as 2026-01-31T12:00:00Z or a day such as 2026-01-31", parseTime(into))
	case *time.Duration:
		d.scalar(n, path, "a duration such as 5s or 1h30m", parseDuration(into))
	case encoding.TextUnmarshaler:
		if own, ok := into.(json.Unmarshaler); ok && d.json {
			d.own(n, path, own.UnmarshalJSON)
		} else {
			d.word(n, path, into)
		}
	case json.Unmarshaler:
		d.own(n, path, into.UnmarshalJSON)
	default:
		d.byKind(n, v, path)
	}
}

func (d decoder) byKind(n *Node, v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.Struct:
		for _, m := range d.members(n, path) {
			d.field(m, v, path)
		}
	case reflect.Slice:
		items := d.items(n, path)
		v.Set(reflect.MakeSlice(v.Type(), len(items), len(items))) // a later file's list replaces an earlier one's
		for i, item := range items {
			d.decode(item, v.Index(i), path+"["+strconv.Itoa(i)+"]")
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for _, m := range d.members(n, path) {
			element := reflect.New(v.Type().Elem()).Elem()
			d.decode(m.Value, element, join(path, m.Name))
			v.SetMapIndex(reflect.ValueOf(m.Name).Convert(v.Type().Key()), element)
		}
	case reflect.Pointer: // an optional value
		v.Set(reflect.New(v.Type().Elem()))
		d.decode(n, v.Elem(), path)
	case reflect.String:
		d.text(n, v, path)
	case reflect.Int, reflect.Int64:
		d.number(n, path, n.kind == integer, "an integer", func(text []byte) error {
			number, err := strconv.ParseInt(string(text), 10, 64)
			v.SetInt(number)
			return err
		})
	case reflect.Float64:
		d.number(n, path, n.kind == integer || n.kind == decimal, "a number such as 0.3", func(text []byte) error {
			number, err := strconv.ParseFloat(string(text), 64)
			v.SetFloat(number)
			return err
		})
	case reflect.Bool:
		if n.kind != boolean {
			d.refuse(n, path, "want true or false, found %s", n.kind)
			return
		}
		v.SetBool(strings.EqualFold(n.text, "true"))
	case reflect.Interface: // any type
		_ = json.Unmarshal(n.appendJSON(nil), v.Addr().Interface()) // cannot fail: it is JSON
	default:
		panic("document: nothing is known of how to read a " + v.Type().String())
	}
}

// text decodes a text. Plain numbers and booleans are refused, because YAML would change
// them (007, 1.10, yes).
func (d decoder) text(n *Node, v reflect.Value, path string) {
	if n.kind != text {
		d.refuse(n, path, "want a text, found %s; put it in quotes", n.kind)
		return
	}
	v.SetString(n.text)
	if !utf8.ValidString(n.text) || strings.ContainsRune(n.text, 0) {
		d.refuse(n, path, "want UTF-8 without NUL")
	}
}

func (d decoder) number(n *Node, path string, isOne bool, want string, parse func([]byte) error) {
	switch {
	case !isOne:
		d.refuse(n, path, "want %s, found %s", want, n.kind)
	case parse([]byte(n.text)) != nil:
		d.refuse(n, path, "want %s", want)
	}
}

// scalar decodes a value that is a text, in YAML also without quotes.
func (d decoder) scalar(n *Node, path, want string, parse func([]byte) error) {
	if !n.isScalar() || d.json && n.kind != text || parse([]byte(n.text)) != nil {
		d.refuse(n, path, "want %s", want)
	}
}

// own decodes with a type's own JSON decoder. Its error must state what is allowed, and
// must not contain the value.
func (d decoder) own(n *Node, path string, parse func([]byte) error) {
	if err := parse(n.appendJSON(nil)); err != nil {
		d.refuse(n, path, "%v", err)
	}
}

// word decodes with a type's own text decoder, whose error is as that of own.
func (d decoder) word(n *Node, path string, into encoding.TextUnmarshaler) {
	switch {
	case d.json && n.kind != text:
		d.refuse(n, path, "want a text, found %s", n.kind)
	case !n.isScalar():
		d.refuse(n, path, "want a text or a number, found %s", n.kind)
	default:
		if err := into.UnmarshalText([]byte(n.text)); err != nil {
			d.refuse(n, path, "%v", err)
		}
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

// field sets the field of a struct that a member names.
func (d decoder) field(m Member, v reflect.Value, path string) bool {
	field, ok := fieldOf(v, m.Name)
	if !ok {
		d.unknown(m, v.Type(), path)
		return false
	}
	d.decode(m.Value, field, join(path, m.Name))
	return true
}

// longestName is the maximum number of characters of an unknown name in a mistake.
const longestName = 255

func shown(name string) string {
	short, rest := cut(name, longestName)
	if rest {
		return short + "…"
	}
	return name
}

// unknown reports a member and suggests a known one.
func (d decoder) unknown(m Member, in reflect.Type, path string) {
	if d.report.full() {
		d.report.added, d.report.leftOut = d.report.added+1, d.report.leftOut+1
		return
	}
	known := names(in)
	hint := "known here: " + strings.Join(known, ", ")
	if near, ok := vox.Nearest(m.Name, known); ok {
		hint = "did you mean " + near + "?"
	}
	m.key.Broken = true
	d.report.add(d.source, m.key, vox.Mistake{
		Place: join(path, shown(m.Name)), Message: fmt.Sprintf("unknown key; %s", hint), Allowed: known,
	})
}

// fieldOf returns the field with a name in documents, including those of embedded
// structs. [reflect.VisibleFields] for each member took a quarter of the time of reading
// a large file.
func fieldOf(v reflect.Value, name string) (reflect.Value, bool) {
	for f, field := range v.Fields() {
		if f.Anonymous {
			if found, ok := fieldOf(field, name); ok {
				return found, true
			}
		} else if nameOf(f) == name && name != "" && name != "-" {
			return field, true
		}
	}
	return reflect.Value{}, false
}

func names(t reflect.Type) []string {
	var list []string
	for _, f := range reflect.VisibleFields(t) {
		if name := nameOf(f); name != "" && name != "-" {
			list = append(list, name)
		}
	}
	return list
}

// nameOf returns the name of a field in documents, from its tag yaml or else json.
func nameOf(f reflect.StructField) string {
	tag, ok := f.Tag.Lookup("yaml")
	if !ok {
		tag = f.Tag.Get("json")
	}
	name, _, _ := strings.Cut(tag, ",")
	return name
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
