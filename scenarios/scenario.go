// Package scenarios is the file format that seeds an emulator: one YAML document
// of the nouns of package vox, read strictly. A mistake is reported with file,
// line, column, the place and what is allowed, all mistakes at once.
package scenarios

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Scenario is a seed: settings and rows. The yaml tags are the file format.
type Scenario struct {
	// Description says what the scenario is for.
	Description string `yaml:"description,omitempty"`
	// Settings are the choices that are not rows.
	vox.Settings `yaml:",inline"`
	// The rows, flat; they refer to each other by id.
	Accounts      []vox.Account      `yaml:"accounts,omitempty"`
	Keys          []vox.Key          `yaml:"keys,omitempty"`
	Applications  []vox.Application  `yaml:"applications,omitempty"`
	Rules         []vox.Rule         `yaml:"rules,omitempty"`
	Users         []vox.User         `yaml:"users,omitempty"`
	Registrations []vox.Registration `yaml:"registrations,omitempty"`
}

//go:embed *.yaml
var builtin embed.FS

// Names lists the built-in scenarios.
func Names() []string {
	files, err := fs.Glob(builtin, "*.yaml")
	if err != nil { // only a malformed pattern
		panic(err)
	}
	for i, file := range files {
		files[i] = strings.TrimSuffix(file, ".yaml")
	}
	return files
}

// Builtin is the text of a built-in scenario.
func Builtin(name string) ([]byte, bool) {
	text, err := builtin.ReadFile(name + ".yaml")
	return text, err == nil
}

// maxSize is the largest scenario file, in bytes.
const maxSize = 16 << 20

// Load reads scenarios, laid on top of each other in order; each is a built-in
// name or a file. Errors: a name that is neither, or [Errors].
func Load(names ...string) (Scenario, error) {
	if len(names) == 0 {
		return Scenario{}, fmt.Errorf("no scenario named; built in: %s", strings.Join(Names(), ", "))
	}
	sources := make([]Source, len(names))
	for i, name := range names {
		text, err := open(name)
		if err != nil {
			return Scenario{}, err
		}
		sources[i] = Source{Name: name, Text: text}
	}
	return Read(sources...)
}

func open(name string) ([]byte, error) {
	if text, ok := Builtin(name); ok {
		return text, nil
	}
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, fmt.Errorf("scenario %q is neither a readable file (%w) nor built in (%s)", name, err, strings.Join(Names(), ", "))
	case info.Size() > maxSize:
		return nil, fmt.Errorf("scenario %q has %d bytes; at most %d are read", name, info.Size(), maxSize)
	case info.IsDir():
		return nil, fmt.Errorf("scenario %q is a folder", name)
	}
	return os.ReadFile(name)
}

// YAML writes the scenario in its canonical form, rows by id; reading it gives
// the same scenario.
func (s Scenario) YAML() ([]byte, error) {
	for _, section := range newDraft().sections {
		section.sort(&s)
	}
	return yaml.MarshalWithOptions(s, yaml.UseLiteralStyleIfMultiline(true))
}
