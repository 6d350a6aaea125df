package testkit

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/voxemu/voxemu/emulator"
	"github.com/voxemu/voxemu/emulator/fault"
)

// known ends the test if no request can match the matcher.
func (e *Emulator) known(m CallMatcher) {
	e.tb.Helper()
	reader, err := emulator.ScenarioReader()
	if err != nil {
		e.tb.Fatalf("testkit: %v", err)
		return
	}
	for _, why := range []string{e.unknownMethod(m), e.unknownParameter(m, reader.Known), unknownError(m, reader.Known), hidden(m)} {
		if why != "" {
			e.tb.Fatalf("testkit: no call can match: %s", why)
			return
		}
	}
}

func (e *Emulator) unknownMethod(m CallMatcher) string {
	name := m.filter.Method
	if name == "" || e.options.allowUnknown || e.server.HasMethod(name) {
		return ""
	}
	return "the API has no method " + name
}

// unknownParameter returns an unknown parameter of the matcher. It accepts all parameters
// of methods that are not emulated, because the specification does not list them.
func (e *Emulator) unknownParameter(m CallMatcher, names fault.Known) string {
	method := m.filter.Method
	known, emulated := names.Parameters[method]
	if method == "" {
		known, emulated = slices.Concat(slices.Collect(maps.Values(names.Parameters))...), true
	}
	if !emulated || e.options.allowUnknown {
		return ""
	}
	for _, name := range slices.Sorted(maps.Keys(m.filter.Parameters)) {
		switch {
		case slices.Contains(known, name):
		case method == "":
			return "no method has a parameter " + name
		default:
			return fmt.Sprintf("%s has no parameter %s; known: %s", method, name, strings.Join(known, ", "))
		}
	}
	return ""
}

func unknownError(m CallMatcher, names fault.Known) string {
	name := m.filter.Error
	if _, ok := names.Errors[name]; ok || name == "" {
		return ""
	}
	return fmt.Sprintf("the API has no error %q; want a name of openapi.yaml's x-errors, such as INSUFFICIENT_MONEY", name)
}

func hidden(m CallMatcher) string {
	if m.masked == "" {
		return ""
	}
	return m.masked + " is a secret: the journal keeps only whether it was given; ask Given or Without"
}
