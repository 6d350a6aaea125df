package control

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Body is the JSON body of a request, not read yet.
type Body []byte

// Decode reads the body into what into points at, strictly: members that the
// type lacks, members given twice, null, and values of another type are
// refused, all at once, each with its place and what is allowed. An empty body
// is an empty object. The error is a [*Problem].
//
// encoding/json alone would accept members in any case and twice, and name
// neither the place of a wrong type nor more than one mistake.
func (b Body) Decode(into any) error {
	if len(bytes.TrimSpace(b)) == 0 {
		b = Body("{}")
	}
	if err := syntax(b); err != nil {
		return &Problem{Status: http.StatusBadRequest, Message: "the body is no JSON: " + err.Error()}
	}
	var found problems
	found.assign(json.RawMessage(b), reflect.ValueOf(into).Elem(), "")
	return found.err()
}

// syntax says where a text stops being JSON.
func syntax(text []byte) error {
	var whole json.RawMessage
	err := json.Unmarshal(text, &whole)
	broken := (*json.SyntaxError)(nil)
	if errors.As(err, &broken) {
		return fmt.Errorf("%w, at byte %d", err, broken.Offset)
	}
	return err
}

func (p *problems) refuse(at, format string, args ...any) {
	message := fmt.Sprintf(format, args...)
	if at == "" {
		message = "the body: " + message
	} else {
		message = at + ": " + message
	}
	p.add(&Problem{Status: http.StatusBadRequest, Member: at, Message: message})
}

// assign gives a variable the value of a JSON text, whose syntax was checked.
func (p *problems) assign(text json.RawMessage, v reflect.Value, at string) {
	text = bytes.TrimSpace(text)
	if string(text) == "null" {
		p.refuse(at, "null means nothing here; leave it out")
		return
	}
	if p.custom(text, v.Addr().Interface(), at) {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		p.assign(text, v.Elem(), at)
	case reflect.Struct:
		p.object(text, v, at)
	case reflect.Map:
		p.dictionary(text, v, at)
	case reflect.Slice:
		p.list(text, v, at)
	default:
		if err := json.Unmarshal(text, v.Addr().Interface()); err != nil {
			p.refuse(at, "want %s", kindInWords(v.Type()))
		}
	}
}

// custom has types read their own values; false: the type does not.
func (p *problems) custom(text json.RawMessage, into any, at string) bool {
	switch into := into.(type) {
	case *time.Time:
		if json.Unmarshal(text, into) != nil {
			p.refuse(at, "want a moment such as 2026-03-01T00:00:00Z")
		}
	case json.Unmarshaler:
		if err := into.UnmarshalJSON(text); err != nil {
			p.refuse(at, "%v", err)
		}
	case encoding.TextUnmarshaler:
		var value string
		if json.Unmarshal(text, &value) != nil {
			p.refuse(at, "want a text")
		} else if err := into.UnmarshalText([]byte(value)); err != nil {
			p.refuse(at, "%v", err)
		}
	default:
		return false
	}
	return true
}

func (p *problems) object(text json.RawMessage, v reflect.Value, at string) {
	fields := members(v.Type())
	p.walk(text, at, func(name string, value json.RawMessage) {
		field, ok := fields[name]
		if !ok {
			known := names(fields)
			p.add(&Problem{
				Status: http.StatusBadRequest, Member: join(at, name), Allowed: known,
				Message: fmt.Sprintf("%s: no such member; known here: %s", join(at, name), inWords(known)),
			})
			return
		}
		p.assign(value, v.FieldByIndex(field), join(at, name))
	})
}

func (p *problems) dictionary(text json.RawMessage, v reflect.Value, at string) {
	v.Set(reflect.MakeMap(v.Type()))
	p.walk(text, at, func(name string, value json.RawMessage) {
		element := reflect.New(v.Type().Elem()).Elem()
		p.assign(value, element, join(at, name))
		v.SetMapIndex(reflect.ValueOf(name).Convert(v.Type().Key()), element)
	})
}

func (p *problems) list(text json.RawMessage, v reflect.Value, at string) {
	var items []json.RawMessage
	if json.Unmarshal(text, &items) != nil {
		p.refuse(at, "want %s", kindInWords(v.Type()))
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
	for i, item := range items {
		p.assign(item, v.Index(i), at+"["+strconv.Itoa(i)+"]")
	}
}

// walk visits the members of an object in their order.
func (p *problems) walk(text json.RawMessage, at string, visit func(string, json.RawMessage)) {
	if text[0] != '{' {
		p.refuse(at, "want an object")
		return
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	_, _ = decoder.Token() // {; the syntax was checked
	seen := map[string]bool{}
	for decoder.More() {
		name, _ := decoder.Token()
		var value json.RawMessage
		_ = decoder.Decode(&value)
		if seen[name.(string)] {
			p.refuse(join(at, name.(string)), "given twice")
			continue
		}
		seen[name.(string)] = true
		visit(name.(string), value)
	}
}

// members are the fields of a struct by the name of their JSON member; those of
// embedded structs stand beside the others.
func members(t reflect.Type) map[string][]int {
	found := map[string][]int{}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.IsExported() && name != "" && name != "-" {
			found[name] = f.Index
		}
	}
	return found
}

func names(fields map[string][]int) []string {
	list := make([]string, 0, len(fields))
	for name := range fields {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

func join(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}

func inWords(allowed []string) string {
	if len(allowed) == 0 {
		return "none"
	}
	return strings.Join(allowed, ", ")
}

func kindInWords(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.Slice:
		return "a list"
	}
	return "something else"
}
