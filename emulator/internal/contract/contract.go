// Package contract compiles openapi.yaml: methods, roles, parameters, errors and reply
// schemas. A process compiles it once; the result is immutable and servers share it.
//
// [Compile] reads and checks openapi.yaml; make golden and tests do. At start-up, [Load]
// reads the precompiled form that [Contract.Precompile] wrote.
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
	data        map[string]Data
}

// alsoAccepted is x-also-accepted: what all methods accept in addition to the operation
// described by their paths.
type alsoAccepted struct {
	Verbs  []string `json:"verbs"`
	Bodies []string `json:"bodies"`
}

// errorEntry is an entry in x-errors.
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
	// Roles are the roles that allow the call; a caller needs one of them.
	Roles []vox.Role
	// Errors are the method's own errors. [Contract.CanAnswer] also includes those of all
	// methods.
	Errors []vox.Error
	// Ignored maps parameters of the real method that have no effect in the emulator to
	// the reason (x-ignored).
	Ignored map[string]string

	lists      string // table of x-filter
	parameters []*parameter
	byName     map[string]*parameter
	request    schema
	reply      schema
}

// Gap is the reason why the emulator does not implement a method of the real service.
type Gap struct {
	// Section is the section of the service's documentation that describes the method.
	Section string `json:"section"`
	// Because is the reason as a text.
	Because string `json:"because"`
}

// Parameters returns the names of the method's parameters in the order of the document.
func (m *Method) Parameters() []string {
	names := make([]string, len(m.parameters))
	for i, p := range m.parameters {
		names[i] = p.Name
	}
	return names
}

// OwnError returns the error named after a parameter, such as INVALID_RULE_ID; false if
// there is none.
func (m *Method) OwnError(parameter string) (vox.Error, bool) {
	p, ok := m.byName[parameter]
	if !ok || p.Invalid == vox.ErrInvalidParameter {
		return "", false
	}
	return p.Invalid, true
}

// IsList reports whether a parameter is a list, separated by semicolons.
func (m *Method) IsList(parameter string) bool {
	p, ok := m.byName[parameter]
	return ok && p.Kind.list()
}

// Elements returns the elements of a valid list, as integers or texts. ok is false for
// "all" and for parameters that are not lists.
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

// Method returns the method with this exact name (A10).
func (c *Contract) Method(name string) (*Method, bool) {
	m, ok := c.methods[name]
	return m, ok
}

// Allowed describes the allowed values of a parameter; empty if it is unknown.
func (m *Method) Allowed(parameter string) string {
	if p, ok := m.byName[parameter]; ok {
		return p.Allowed
	}
	return ""
}

// Methods returns all methods by name.
func (c *Contract) Methods() []*Method {
	list := make([]*Method, 0, len(c.methods))
	for _, m := range c.methods {
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b *Method) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// NotEmulated reports whether the real service has a method of this name that the
// emulator does not implement.
func (c *Contract) NotEmulated(name string) bool {
	_, lacks := c.notEmulated[name]
	return lacks
}

// Gaps returns the methods of the real service that the emulator does not implement, by
// name.
func (c *Contract) Gaps() map[string]Gap { return maps.Clone(c.notEmulated) }

// Verbs returns the HTTP methods that are accepted: POST, which the specification
// describes, and those of x-also-accepted.
func (c *Contract) Verbs() []string { return append([]string{http.MethodPost}, c.also.Verbs...) }

// Bodies returns the accepted media types of bodies, urlencoded first.
func (c *Contract) Bodies() []string { return append([]string{urlencoded}, c.also.Bodies...) }

// Common reports whether all methods accept the parameter: credentials and cmd.
func (c *Contract) Common(parameter string) bool { return c.common[parameter] }

// ParameterNames returns the sorted names of a method's parameters, common ones included.
func (c *Contract) ParameterNames(m *Method) []string {
	names := slices.AppendSeq(slices.Collect(maps.Keys(m.byName)), maps.Keys(c.common))
	slices.Sort(names)
	return slices.Compact(names)
}

// Assumptions returns all assumptions, by number.
func (c *Contract) Assumptions() []vox.Assumption { return slices.Clone(c.assumptions) }

// Explain returns the number and the text of an error.
func (c *Contract) Explain(r vox.Refusal) (code int, sentence string, ok bool) {
	entry, ok := c.errors[r.Name]
	sentence = entry.Sentence
	if strings.Contains(sentence, "{") {
		sentence = strings.NewReplacer("{field}", r.Field, "{detail}", r.Detail).Replace(sentence)
	}
	return entry.Code, sentence, ok
}

// CanAnswer reports whether the specification allows the error for the method.
func (c *Contract) CanAnswer(m *Method, name vox.Error) bool {
	return c.errors[name].Everywhere || m != nil && slices.Contains(m.Errors, name)
}

// ErrorNames returns the names of all errors, sorted.
func (c *Contract) ErrorNames() []vox.Error {
	names := make([]vox.Error, 0, len(c.errors))
	for name := range c.errors {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
