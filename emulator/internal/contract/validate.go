package contract

import (
	"errors"
	"net/url"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Values are the parsed parameters of a request: int64, bool, or string for texts and
// lists. Absent parameters are missing or have their default.
type Values map[string]any

// Parsed is the result of [Method.Parse].
type Parsed struct {
	// Values is nil if a parameter is refused.
	Values Values
	// Unknown are the parameters that the method does not have.
	Unknown []string
	// Capped are errors for values above a maximum, in whose place Values has the maximum
	// (x-cap).
	Capped vox.Refusals
}

// Parse reads and validates the parameters of a request. The error is [vox.Refusals] with
// all errors, in the order of the document.
func (m *Method) Parse(given url.Values, common func(string) bool) (Parsed, error) {
	values := make(Values, len(given))
	parsed := Parsed{}
	var refused vox.Refusals
	for name, texts := range given {
		p, ok := m.byName[name]
		switch {
		case ok:
			refused = append(refused, p.put(values, texts)...)
			if n, ok := values[name].(int64); ok && p.Cap > 0 && n > p.Cap {
				values[name] = p.Cap
				parsed.Capped = append(parsed.Capped, p.Invalid.On(name).Because(p.Allowed))
			}
		case !common(name):
			parsed.Unknown = append(parsed.Unknown, name)
		}
	}
	slices.Sort(parsed.Unknown)
	refused = append(refused, m.validate(values)...)
	refused = append(refused, m.missing(values)...)
	if len(refused) > 0 {
		return parsed, m.ordered(refused)
	}
	for _, p := range m.parameters {
		if _, ok := values[p.Name]; !ok && p.Default != nil {
			values[p.Name] = p.defaultValue()
		}
	}
	parsed.Values = values
	return parsed, nil
}

// put adds the value of a parameter unless the texts count as absent.
func (p *parameter) put(values Values, texts []string) vox.Refusals {
	s := texts[len(texts)-1]
	if p.Kind.list() {
		s = strings.Join(texts, ";")
		if slices.Contains(p.Absent, s) || isEmpty(s) {
			return nil
		}
	}
	if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		return vox.Refusals{p.Invalid.On(p.Name).Because("valid UTF-8 without NUL")}
	}
	if slices.Contains(p.Absent, s) || s == "" && p.Kind != boolean && !p.Clears {
		return nil
	}
	values[p.Name] = p.Kind.parse(s)
	return nil
}

func (m *Method) validate(values Values) vox.Refusals {
	if err := m.request().VisitJSON(map[string]any(values), validation()...); err != nil {
		return m.translate(err)
	}
	return nil
}

// translate converts errors of the schema to errors of the API.
func (m *Method) translate(err error) vox.Refusals {
	var several openapi3.MultiError
	var one *openapi3.SchemaError
	switch {
	case errors.As(err, &several):
		var refused vox.Refusals
		for _, e := range several {
			refused = append(refused, m.translate(e)...)
		}
		return refused
	case errors.As(err, &one) && len(one.JSONPointer()) == 1:
		p := m.byName[one.JSONPointer()[0]]
		if one.SchemaField == "required" {
			return vox.Refusals{p.Missing.On(p.Name)}
		}
		return vox.Refusals{p.Invalid.On(p.Name).Because(p.Allowed)}
	}
	return vox.Refusals{{Name: vox.ErrInvalidArguments}}
}

// missing returns errors for parameters that given ones require (x-needs).
func (m *Method) missing(values Values) vox.Refusals {
	var refused vox.Refusals
	for _, p := range m.parameters {
		if _, given := values[p.Name]; given && p.Needs != "" && !m.has(values, p.Needs) {
			refused = append(refused, vox.ErrMissingParameter.On(p.Needs).Because("a value beside "+p.Name))
		}
	}
	return refused
}

// has reports whether a parameter, or one that replaces it, is given.
func (m *Method) has(values Values, name string) bool {
	for _, p := range m.parameters {
		if _, given := values[p.Name]; given && (p.Name == name || p.InsteadOf == name) {
			return true
		}
	}
	return false
}

// ordered sorts errors by the position of their parameters in the document and removes
// duplicates.
func (m *Method) ordered(refused vox.Refusals) vox.Refusals {
	place := func(r vox.Refusal) int {
		return slices.IndexFunc(m.parameters, func(p *parameter) bool { return p.Name == r.Field })
	}
	sort.SliceStable(refused, func(i, j int) bool { return place(refused[i]) < place(refused[j]) })
	return slices.CompactFunc(refused, func(a, b vox.Refusal) bool { return a.Name == b.Name && a.Field == b.Field })
}

// defaultValue is the schema's default, parsed as Parse does.
func (p *parameter) defaultValue() any {
	if n, ok := p.Default.(float64); ok {
		return int64(n)
	}
	return p.Default
}
