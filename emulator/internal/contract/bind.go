package contract

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/voxemu/voxemu/emulator/internal/query"
)

// Binder fills a method's parameter struct with validated values.
type Binder struct {
	params  reflect.Type
	fields  []field
	filters []*parameter
	where   []int // index of the []query.Filter field; nil if there is none
}

type field struct {
	parameter *parameter
	index     []int
}

// filtersTag marks the []query.Filter field that receives all filters.
const filtersTag = "filters"

// NewBinder matches the fields of a struct (tag `param:"name"`, embedded structs included)
// with the method's parameters. Each parameter needs a field or an x-filter; each field
// needs a parameter of its type: int64 or int for integers, bool, *bool (nil: absent),
// string, *string for x-empty (nil: absent), []int64, []string, []query.Range for code
// sets, query.Selection. The error lists all mismatches.
func NewBinder(m *Method, params reflect.Type) (*Binder, error) {
	b := &Binder{params: params}
	var mistakes []error
	bound := map[string]bool{}
	for _, f := range reflect.VisibleFields(params) {
		name := f.Tag.Get("param")
		p, ok := m.byName[name]
		switch {
		case f.Anonymous && name == "":
		case name == filtersTag && f.Type == reflect.TypeFor[[]query.Filter]():
			b.where = f.Index
		case !ok:
			mistakes = append(mistakes, fmt.Errorf("%s: field %s: openapi.yaml has no parameter %q", m.Name, f.Name, name))
		case f.Type != p.goType() && !p.alsoFills(f.Type):
			mistakes = append(mistakes, fmt.Errorf("%s: field %s: want %v for %s", m.Name, f.Name, p.goType(), name))
		default:
			bound[name] = true
			b.fields = append(b.fields, field{p, f.Index})
		}
	}
	for _, p := range m.parameters {
		if p.Filter != "" && b.where != nil {
			b.filters = append(b.filters, p)
		} else if !bound[p.Name] {
			mistakes = append(mistakes, fmt.Errorf("%s: no field takes the parameter %s", m.Name, p.Name))
		}
	}
	return b, errors.Join(mistakes...)
}

// goType returns the type of the parameter's field. It is a pointer for x-empty, so that
// an absent parameter (nil) differs from an empty text.
func (p *parameter) goType() reflect.Type {
	if p.Clears {
		return reflect.TypeFor[*string]()
	}
	return p.Kind.goType()
}

// alsoFills reports whether a field may have a type other than the kind's own: int, or
// *bool, which is nil if the parameter is absent.
func (p *parameter) alsoFills(field reflect.Type) bool {
	switch p.Kind {
	case integer:
		return field == reflect.TypeFor[int]()
	case boolean:
		return p.Default == nil && field == reflect.TypeFor[*bool]()
	}
	return false
}

// Bind returns a pointer to a struct with the values.
func (b *Binder) Bind(values Values) any {
	bound := reflect.New(b.params)
	params := bound.Elem()
	for _, f := range b.fields {
		if given, ok := values[f.parameter.Name]; ok {
			value := reflect.ValueOf(f.parameter.Kind.value(cloned(given)))
			into := params.FieldByIndex(f.index)
			if into.Kind() == reflect.Pointer {
				into.Set(reflect.New(value.Type()))
				into = into.Elem()
			}
			into.Set(value.Convert(into.Type()))
		}
	}
	if b.where != nil {
		params.FieldByIndex(b.where).Set(reflect.ValueOf(b.given(values)))
	}
	return bound.Interface()
}

// cloned copies a string, so that a stored row does not keep the whole request in memory
// (docs/design-notes.md#stored-texts).
func cloned(v any) any {
	if s, ok := v.(string); ok {
		return strings.Clone(s)
	}
	return v
}

func (b *Binder) given(values Values) []query.Filter {
	var where []query.Filter
	for _, p := range b.filters {
		if v, ok := values[p.Name]; ok {
			where = append(where, p.filter(v))
		}
	}
	return where
}

func (p *parameter) filter(v any) query.Filter {
	f := query.Filter{Index: p.Filter}
	switch typed := p.Kind.value(v).(type) {
	case []int64:
		f.Ranges = query.Each(typed...)
	case []string:
		f.Ranges = query.Each(typed...)
	case []query.Range:
		f.Ranges = typed
	case int64:
		f.Ranges = query.Each(typed)
	case string:
		f.Ranges = query.Each(typed)
	case bool:
		f.Ranges = query.Each(typed)
	}
	return f
}

func (k kind) goType() reflect.Type {
	switch k {
	case integer:
		return reflect.TypeFor[int64]()
	case boolean:
		return reflect.TypeFor[bool]()
	case intList:
		return reflect.TypeFor[[]int64]()
	case stringList, proxyList:
		return reflect.TypeFor[[]string]()
	case codeSet:
		return reflect.TypeFor[[]query.Range]()
	case selection:
		return reflect.TypeFor[query.Selection]()
	}
	return reflect.TypeFor[string]()
}
