// Package contract is openapi.yaml, compiled: it knows which methods exist, who
// may call them, how a text becomes a typed parameter, which error answers
// which mistake, and what a reply looks like. It is loaded once per process,
// never changes afterwards and is shared between servers.
//
// [Compile] reads and checks openapi.yaml, the source. A process starts with
// [Load], which reads what Compile made of the same text earlier.
package contract

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/voxemu/voxemu/emulator/internal/query"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Contract is the compiled specification. It is safe for concurrent use.
type Contract struct {
	methods     map[string]*Method
	errors      map[vox.Error]errorEntry
	notEmulated map[string]Gap
	common      map[string]bool
	also        alsoAccepted
	assumptions []vox.Assumption
}

// alsoAccepted is the root's x-also-accepted: what works for every method beside
// the operation that its path describes.
type alsoAccepted struct {
	Verbs  []string `json:"verbs"`
	Bodies []string `json:"bodies"`
}

// errorEntry is an entry of the root's x-errors.
type errorEntry struct {
	Code       int    `json:"code" yaml:"code"`
	Sentence   string `json:"msg" yaml:"msg"`
	Everywhere bool   `json:"everywhere"`
	Verified   string `json:"x-verified"`
}

// Method is one API method.
type Method struct {
	// Name is the method's name, for example CreateSipRegistration.
	Name string
	// Roles are those of which a caller needs one.
	Roles []vox.Role
	// Errors are the method's own errors; [Contract.CanAnswer] adds those
	// that every method can answer.
	Errors []vox.Error
	// Ignored are parameters of the real method that have no effect here, with
	// the reason (x-ignored).
	Ignored map[string]string

	lists      string // the table that x-filter refers to
	parameters []*parameter
	byName     map[string]*parameter
	request    schema
	reply      schema
}

// Gap is why the emulator lacks a method of the real service.
type Gap struct {
	// Section is the part of the service's documentation that has the method.
	Section string `json:"section"`
	// Because is the reason, for people.
	Because string `json:"because"`
}

// Parameters lists the names of the method's parameters, in the order of the
// document.
func (m *Method) Parameters() []string {
	names := make([]string, len(m.parameters))
	for i, p := range m.parameters {
		names[i] = p.Name
	}
	return names
}

// OwnError is the error that is named after a parameter, such as INVALID_RULE_ID;
// there may be none.
func (m *Method) OwnError(parameter string) (vox.Error, bool) {
	p, ok := m.byName[parameter]
	if !ok || p.Invalid == vox.ErrInvalidParameter {
		return "", false
	}
	return p.Invalid, true
}

// IsList reports whether a parameter holds several values, separated by semicolons.
func (m *Method) IsList(parameter string) bool {
	p, ok := m.byName[parameter]
	return ok && p.Kind.list()
}

// Elements are the values of a list that fits, integers as such; false for what is no
// list, and for all.
func (m *Method) Elements(parameter, list string) (elements any, ok bool) {
	if !m.IsList(parameter) {
		return nil, false
	}
	switch v := m.byName[parameter].Kind.value(list).(type) {
	case query.Selection:
		return v.IDs, !v.All
	case []int64, []string:
		return v, true
	}
	return nil, false
}

// Method finds a method by its exact name (A10).
func (c *Contract) Method(name string) (*Method, bool) {
	m, ok := c.methods[name]
	return m, ok
}

// Allowed says in words what a parameter may be; unknown: empty.
func (m *Method) Allowed(parameter string) string {
	if p, ok := m.byName[parameter]; ok {
		return p.Allowed
	}
	return ""
}

// Methods lists all methods by name.
func (c *Contract) Methods() []*Method {
	list := make([]*Method, 0, len(c.methods))
	for _, m := range c.methods {
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b *Method) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// NotEmulated reports whether the real service has a method of this name that
// the emulator lacks.
func (c *Contract) NotEmulated(name string) bool {
	_, lacks := c.notEmulated[name]
	return lacks
}

// Gaps are the methods of the real service that the emulator lacks, by name.
func (c *Contract) Gaps() map[string]Gap { return maps.Clone(c.notEmulated) }

// Verbs are the HTTP methods that call a method: POST, which the specification
// describes, and those that work as well.
func (c *Contract) Verbs() []string { return append([]string{http.MethodPost}, c.also.Verbs...) }

// Bodies are the media types that carry parameters, urlencoded first.
func (c *Contract) Bodies() []string { return append([]string{urlencoded}, c.also.Bodies...) }

// Common reports whether every method accepts the parameter: the ways to
// identify oneself and cmd.
func (c *Contract) Common(parameter string) bool { return c.common[parameter] }

// ParameterNames lists what a method accepts, the common parameters included,
// sorted.
func (c *Contract) ParameterNames(m *Method) []string {
	names := slices.AppendSeq(slices.Collect(maps.Keys(m.byName)), maps.Keys(c.common))
	slices.Sort(names)
	return slices.Compact(names)
}

// Assumptions lists what is believed about the real service, by number.
func (c *Contract) Assumptions() []vox.Assumption { return slices.Clone(c.assumptions) }

// Explain gives the number and the sentence of a refusal.
func (c *Contract) Explain(r vox.Refusal) (code int, sentence string, ok bool) {
	entry, ok := c.errors[r.Name]
	fill := strings.NewReplacer("{field}", r.Field, "{detail}", r.Detail)
	return entry.Code, fill.Replace(entry.Sentence), ok
}

// CanAnswer reports whether the specification lists the error for the method.
func (c *Contract) CanAnswer(m *Method, name vox.Error) bool {
	return c.errors[name].Everywhere || m != nil && slices.Contains(m.Errors, name)
}

// ErrorNames lists the catalogue's names, sorted.
func (c *Contract) ErrorNames() []vox.Error {
	names := make([]vox.Error, 0, len(c.errors))
	for name := range c.errors {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
