package contract

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/voxemu/voxemu/emulator/vox"
)

// parameter is a property of a request schema. Its members are exported for the
// precompiled form.
type parameter struct {
	Name      string    `json:"name"`
	Kind      kind      `json:"kind"`
	Missing   vox.Error `json:"missing"`
	Invalid   vox.Error `json:"invalid"`
	InsteadOf string    `json:"insteadOf,omitempty"`
	Needs     string    `json:"needs,omitempty"`
	Filter    string    `json:"filter,omitempty"`
	Absent    []string  `json:"absent,omitempty"`
	Default   any       `json:"default,omitempty"` // nil without one
	Cap       int64     `json:"cap,omitempty"`     // what a larger value becomes; 0: larger ones are refused
	Clears    bool      `json:"clears,omitempty"`  // an empty text is a value: it clears what was there
	Allowed   string    `json:"allowed"`

	line int // line of the document, for Compile
}

type keys struct {
	Missing   vox.Error `json:"x-missing"`
	Invalid   vox.Error `json:"x-invalid"`
	InsteadOf string    `json:"x-instead-of"`
	Needs     string    `json:"x-needs"`
	Filter    string    `json:"x-filter"`
	Absent    []string  `json:"x-absent"`
	Cap       int64     `json:"x-cap"`
	Empty     string    `json:"x-empty"`
}

// emptyClears is the value of x-empty for texts that a client clears by sending an empty
// text (A94).
const emptyClears = "clears"

func (c *compiler) request(m *Method, schema *openapi3.Schema) {
	c.allowKeys(m.Name+" request", schema.Extensions, "x-verified")
	if len(schema.AllOf)+len(schema.AnyOf)+len(schema.OneOf) > 0 || schema.Not != nil {
		c.mistake(m.Name, "allOf, anyOf, oneOf and not are not understood in a request; use x-needs and x-instead-of")
	}
	for name, ref := range schema.Properties {
		if p := c.parameter(m, name, ref.Value); p != nil {
			p.line = line(ref)
			m.parameters = append(m.parameters, p)
			m.byName[name] = p
		}
	}
	slices.SortFunc(m.parameters, func(a, b *parameter) int {
		return cmp.Or(a.line-b.line, cmp.Compare(a.Name, b.Name))
	})
	for _, p := range m.parameters {
		c.relatives(m, p)
	}
}

func (c *compiler) parameter(m *Method, name string, schema *openapi3.Schema) *parameter {
	where := m.Name + " " + name
	c.allowKeys(where, schema.Extensions, "x-missing", "x-invalid", "x-instead-of", "x-needs",
		"x-filter", "x-absent", "x-cap", "x-empty", "x-verified")
	k := keys{Missing: vox.ErrMissingParameter, Invalid: vox.ErrInvalidParameter}
	c.decode(where, schema.Extensions, &k)
	c.knownError(where, "x-missing", k.Missing)
	c.knownError(where, "x-invalid", k.Invalid)
	kind, ok := kindOf(schema)
	if !ok {
		c.mistake(where, "type %v with format %q is not understood", schema.Type, schema.Format)
		return nil
	}
	p := &parameter{
		Name: name, Kind: kind, Missing: k.Missing, Invalid: k.Invalid, InsteadOf: k.InsteadOf,
		Needs: k.Needs, Filter: k.Filter, Absent: k.Absent, Default: schema.Default,
		Cap: k.Cap, Clears: k.Empty == emptyClears, Allowed: allowed(kind, schema),
	}
	if k.Empty != "" && (!p.Clears || kind != text || schema.MinLength > 0) {
		c.mistake(where, "x-empty: want %s, for a text that may be empty", emptyClears)
	}
	if k.Cap != 0 && (kind != integer || schema.Max == nil || float64(k.Cap) != *schema.Max) {
		c.mistake(where, "x-cap: want the maximum of an integer")
	}
	c.filter(where, m.lists, p)
	return p
}

// line returns the line of a property; for a shared one, the line of the reference.
func line(ref *openapi3.SchemaRef) int {
	origin := ref.Value.Origin
	if ref.Ref != "" {
		origin = ref.Origin
	}
	if origin == nil || origin.Key == nil {
		return 0
	}
	return origin.Key.Line
}

// filter checks that the listed table has the index, and that its values have the
// parameter's type.
func (c *compiler) filter(where, table string, p *parameter) {
	if p.Filter == "" {
		return
	}
	held, ok := c.filters[table][p.Filter]
	switch {
	case !ok:
		c.mistake(where, "x-filter: the table %q has no index %q", table, p.Filter)
	case held != p.Kind.element():
		c.mistake(where, "x-filter: index %q holds %s values, the parameter %s", p.Filter, held, p.Kind.element())
	}
}

// relatives checks that x-needs and x-instead-of name existing parameters.
func (c *compiler) relatives(m *Method, p *parameter) {
	for key, name := range map[string]string{"x-needs": p.Needs, "x-instead-of": p.InsteadOf} {
		if _, ok := m.byName[name]; name != "" && !ok {
			c.mistake(m.Name+" "+p.Name, "%s: %q is no parameter", key, name)
		}
	}
}

// allowed describes the allowed values. Replies contain it instead of the schema's error,
// which repeats submitted values.
func allowed(k kind, schema *openapi3.Schema) string {
	text := k.words()
	switch {
	case k == integer && schema.Min != nil && schema.Max != nil:
		text += fmt.Sprintf(" from %.0f to %.0f", *schema.Min, *schema.Max)
	case k == integer && schema.Min != nil:
		text += fmt.Sprintf(" from %.0f", *schema.Min)
	case schema.MaxLength != nil:
		text += fmt.Sprintf(" of at most %d characters", *schema.MaxLength)
	}
	if schema.Pattern != "" {
		text += " that matches " + schema.Pattern
	}
	return text
}
