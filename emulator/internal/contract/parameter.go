package contract

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/voxemu/voxemu/emulator/vox"
)

// parameter is one property of a request schema.
type parameter struct {
	name      string
	kind      kind
	missing   vox.Error
	invalid   vox.Error
	insteadOf string
	needs     string
	filter    string
	absent    []string
	required  bool
	fallback  any // the default, nil without one
	line      int
	allowed   string
}

// keys are the extensions that a request's property may carry.
type keys struct {
	Missing   vox.Error `json:"x-missing"`
	Invalid   vox.Error `json:"x-invalid"`
	InsteadOf string    `json:"x-instead-of"`
	Needs     string    `json:"x-needs"`
	Filter    string    `json:"x-filter"`
	Absent    []string  `json:"x-absent"`
}

// request compiles the method's parameters.
func (c *compiler) request(m *Method) {
	schema := m.request
	c.allowKeys(m.Name+" request", schema.Extensions, "x-verified")
	if len(schema.AllOf)+len(schema.AnyOf)+len(schema.OneOf) > 0 || schema.Not != nil {
		c.complain(m.Name, "allOf, anyOf, oneOf and not are not understood in a request; use x-needs and x-instead-of")
	}
	for name, ref := range schema.Properties {
		if p := c.parameter(m.Name+" "+name, name, ref.Value); p != nil {
			p.required = slices.Contains(schema.Required, name)
			m.parameters = append(m.parameters, p)
			m.byName[name] = p
		}
	}
	slices.SortFunc(m.parameters, func(a, b *parameter) int {
		return cmp.Or(a.line-b.line, cmp.Compare(a.name, b.name))
	})
	for _, p := range m.parameters {
		c.relatives(m, p)
	}
}

func (c *compiler) parameter(where, name string, schema *openapi3.Schema) *parameter {
	c.allowKeys(where, schema.Extensions, "x-missing", "x-invalid", "x-instead-of", "x-needs",
		"x-filter", "x-absent", "x-verified")
	k := keys{Missing: vox.ErrMissingParameter, Invalid: vox.ErrInvalidParameter}
	c.decode(where, schema.Extensions, &k)
	c.knownError(where, "x-missing", k.Missing)
	c.knownError(where, "x-invalid", k.Invalid)
	kind, ok := kindOf(schema)
	if !ok {
		c.complain(where, "type %v with format %q is not understood", schema.Type, schema.Format)
		return nil
	}
	p := &parameter{
		name: name, kind: kind, missing: k.Missing, invalid: k.Invalid, insteadOf: k.InsteadOf,
		needs: k.Needs, filter: k.Filter, absent: k.Absent, fallback: schema.Default,
		allowed: allowed(kind, schema),
	}
	if schema.Origin != nil && schema.Origin.Key != nil {
		p.line = schema.Origin.Key.Line
	}
	c.filter(where, p)
	return p
}

// filter checks that the store has the index and that it holds such values.
func (c *compiler) filter(where string, p *parameter) {
	if p.filter == "" {
		return
	}
	held, ok := c.filters[p.filter]
	switch {
	case !ok:
		c.complain(where, "x-filter: the store has no index %q", p.filter)
	case held != p.kind.element():
		c.complain(where, "x-filter: index %q holds %s values, the parameter %s", p.filter, held, p.kind.element())
	}
}

// relatives checks that x-needs and x-instead-of name parameters.
func (c *compiler) relatives(m *Method, p *parameter) {
	for key, name := range map[string]string{"x-needs": p.needs, "x-instead-of": p.insteadOf} {
		if _, ok := m.byName[name]; name != "" && !ok {
			c.complain(m.Name+" "+p.name, "%s: %q is no parameter", key, name)
		}
	}
}

// allowed says in words what a value may be; shown to callers instead of the
// schema's own text, which would repeat submitted values.
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
