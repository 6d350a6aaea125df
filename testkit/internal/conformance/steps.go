package main

import (
	"fmt"
	"os"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/voxemu/voxemu"
)

// section is a sequence of steps that starts with a reset.
type section struct {
	Name  string `yaml:"section"`
	Steps []step `yaml:"steps"`
}

// step is one request and the expected reply; steps.yaml explains the members.
type step struct {
	Name       string            `yaml:"name"`
	Method     string            `yaml:"method"`
	As         string            `yaml:"as"`
	Parameters map[string]any    `yaml:"parameters"`
	Reply      map[string]any    `yaml:"reply"`
	Error      *apiError         `yaml:"error"`
	Keep       map[string]string `yaml:"keep"`
	Callback   map[string]any    `yaml:"callback"`
	Cannot     map[string]string `yaml:"cannot"`
}

// apiError is the expected error.
type apiError struct {
	Code      int    `yaml:"code" json:"code"`
	FieldName string `yaml:"field_name" json:"field_name"`
}

// readSteps reads steps.yaml, refuses steps that prove nothing, and adds the steps of
// the methods that have none.
func readSteps(path string) ([]section, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var sections []section
	if err := yaml.Load(text, &sections, yaml.WithKnownFields()); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	seen, hasSteps := map[string]bool{}, map[string]bool{}
	for _, section := range sections {
		for i := range section.Steps {
			step := &section.Steps[i]
			if seen[step.Name] {
				return nil, fmt.Errorf("%s: two steps are called %q", path, step.Name)
			}
			seen[step.Name], hasSteps[step.Method] = true, true
			if (step.Reply == nil) == (step.Error == nil) {
				return nil, fmt.Errorf("%s: step %q needs a reply or an error, and only one", path, step.Name)
			}
			if step.Callback != nil && step.Error != nil {
				return nil, fmt.Errorf("%s: step %q: a refused call causes no callback", path, step.Name)
			}
			if step.As == "" {
				step.As = callerKeys[0]
			}
		}
	}
	examples, err := exampleSections(voxemu.OpenAPI(), hasSteps)
	return append(sections, examples...), err
}

// kept are values that steps keep for later ones.
type kept map[string]any

// fill replaces each "$name" in a value.
func (k kept) fill(value any) any {
	switch value := value.(type) {
	case string:
		if name, ok := strings.CutPrefix(value, "$"); ok {
			return k[name]
		}
	case []any:
		filled := make([]any, len(value))
		for i, item := range value {
			filled[i] = k.fill(item)
		}
		return filled
	case map[string]any:
		filled := make(map[string]any, len(value))
		for name, member := range value {
			filled[name] = k.fill(member)
		}
		return filled
	}
	return value
}
