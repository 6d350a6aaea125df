package contract

import (
	"fmt"
	"strconv"
)

// ClosedSet returns the values of a parameter that can have only these: those of an enum,
// or true and false; nil for other parameters.
func (m *Method) ClosedSet(parameter string) []string {
	p, ok := m.byName[parameter]
	if !ok {
		return nil
	}
	if p.Kind == boolean {
		return []string{"true", "false"}
	}
	var values []string
	for _, value := range m.request().Properties[parameter].Value.Enum {
		values = append(values, fmt.Sprint(value))
	}
	return values
}

// Canonical returns a value of a parameter in the form of [Method.ClosedSet]: 1 is true.
func (m *Method) Canonical(parameter, text string) string {
	if p, ok := m.byName[parameter]; ok && p.Kind == boolean {
		if value, ok := parseBoolean(text); ok {
			return strconv.FormatBool(value)
		}
	}
	return text
}
