// Package scenarios is the format of the files that seed an emulator: one YAML
// document made of the nouns of package vox, read strictly. Mistakes come all at once,
// each with file, line, column, the member and what is allowed.
//
// A scenario names what differs from the default, or from another scenario:
//
//	extends: demo
//	clock: {start: 2026-03-01T12:00:00Z, stopped: true}
//	registrations:
//	  - {id: 7, account_id: 1, sip_username: alice, proxy: sip.example.com}
//
// Read one, or several laid over each other, by built-in name or file:
//
//	scenario, err := scenarios.Load("demo", "testdata/more.yaml")
//
// Begin with it, and write a server's state in the same format:
//
//	seed, err := emulator.NewSeed(scenario, time.Now())
//	emu, err := emulator.New(emulator.WithSeed(seed))
//	…
//	text, err := emu.Export()
package scenarios

import (
	"cmp"
	"embed"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/vox"
)

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

// Description is what a built-in scenario says that it is for; empty for an
// unknown one. It does not read the rest.
func Description(name string) string {
	source, err := openBuiltin(name)
	if err != nil {
		return ""
	}
	var head struct {
		Description string `yaml:"description"`
	}
	d := newDraft()
	for _, m := range d.report.Members(source, d.report.Parse(source), "") {
		if m.Name == "description" {
			d.report.Field(source, m, &head, "")
		}
	}
	return head.Description
}

// maxSize is the largest scenario file, in bytes.
const maxSize = 16 << 20

// extends is the member that names another scenario.
const extends = "extends"

// Reader reads scenarios. The zero value takes whatever names of the API fault
// rules give; [Load], [LoadFS] and [Read] are its methods. The one of
// emulator.ScenarioReader refuses methods, parameters and errors that the API
// does not have.
type Reader struct {
	// Known is what fault rules may name.
	Known fault.Known
}

// Load is [Reader.Load] of the zero Reader.
func Load(names ...string) (Scenario, error) { return Reader{}.Load(names...) }

// LoadFS is [Reader.LoadFS] of the zero Reader.
func LoadFS(fsys fs.FS, names ...string) (Scenario, error) { return Reader{}.LoadFS(fsys, names...) }

// Read is [Reader.Read] of the zero Reader.
func Read(sources ...Source) (Scenario, error) { return Reader{}.Read(sources...) }

// Load reads scenarios, merged in order; each is a built-in
// name or a file. Errors: a name that is neither, or
// [vox.Mistakes].
func (r Reader) Load(names ...string) (Scenario, error) {
	return r.load(names, func(name string, by Source) (Source, error) { return openFile(beside(name, by)) })
}

// Files lists the files that [Load] reads for the names, extended ones included
// and built-in ones not, as far as they can be read.
func Files(names ...string) []string {
	var files []string
	_, _ = Reader{}.load(names, func(name string, by Source) (Source, error) {
		source, err := openFile(beside(name, by))
		if _, ok := Builtin(source.Name); err == nil && !ok && !slices.Contains(files, source.Name) {
			files = append(files, source.Name)
		}
		return source, err
	})
	return files
}

// LoadFS is [Reader.Load] for files of a file system.
func (r Reader) LoadFS(fsys fs.FS, names ...string) (Scenario, error) {
	return r.load(names, func(name string, by Source) (Source, error) { return openIn(fsys, beside(name, by)) })
}

func (r Reader) load(names []string, open opener) (Scenario, error) {
	if len(names) == 0 {
		return Scenario{}, fmt.Errorf("no scenario named; built in: %s", strings.Join(Names(), ", "))
	}
	sources := make([]Source, len(names))
	for i, name := range names {
		var err error
		if sources[i], err = open(name, Source{}); err != nil {
			return Scenario{}, err
		}
	}
	return r.read(sources, open)
}

// beside is the name of a file that another one names: relative to its folder.
// Built-in names stay.
func beside(name string, by Source) string {
	if _, ok := Builtin(name); ok || by.Name == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(by.Name), name)
}

func openBuiltin(name string) (Source, error) {
	if text, ok := Builtin(name); ok {
		return Source{Name: name, Text: text}, nil
	}
	return Source{}, fmt.Errorf("scenario %q is not built in (%s)%s", name, strings.Join(Names(), ", "), didYouMean(name))
}

// didYouMean ends the message about an unknown scenario.
func didYouMean(name string) string {
	if near, ok := vox.Nearest(name, Names()); ok {
		return "; did you mean " + near + "?"
	}
	return ""
}

func openFile(name string) (Source, error) {
	folder, file := filepath.Split(name)
	return openNamed(os.DirFS(cmp.Or(folder, ".")), file, name)
}

func openIn(fsys fs.FS, name string) (Source, error) {
	return openNamed(fsys, filepath.ToSlash(name), name)
}

// openNamed reads a built-in scenario or a file.
func openNamed(fsys fs.FS, path, name string) (Source, error) {
	if source, err := openBuiltin(name); err == nil {
		return source, nil
	}
	info, err := fs.Stat(fsys, path)
	switch {
	case err != nil:
		return Source{}, fmt.Errorf("scenario %q is neither a readable file (%w) nor built in (%s)%s", name, err, strings.Join(Names(), ", "), didYouMean(name))
	case info.Size() > maxSize:
		return Source{}, fmt.Errorf("scenario %q has %d bytes; at most %d are read", name, info.Size(), maxSize)
	case info.IsDir():
		return Source{}, fmt.Errorf("scenario %q is a folder", name)
	}
	file, err := fsys.Open(path)
	if err != nil {
		return Source{}, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxSize+1)) // a device has no size and no end
	if len(text) > maxSize {
		return Source{}, fmt.Errorf("scenario %q has more than %d bytes", name, maxSize)
	}
	return Source{Name: name, Text: text}, err
}

// YAML writes the scenario in its canonical form, rows by id; reading it gives
// the same scenario.
func (s Scenario) YAML() ([]byte, error) {
	for _, section := range newDraft().sections {
		section.sort(&s)
	}
	var root yaml.Node
	if err := root.Dump(s, yaml.WithV4Defaults()); err != nil {
		return nil, err
	}
	quote(&root)
	return yaml.Dump(&root, yaml.WithV4Defaults(),
		yaml.WithIndent(2), yaml.WithCompactSeqIndent(), yaml.WithLineWidth(-1), yaml.WithQuotePreference(yaml.QuoteDouble))
}

// quote puts texts in quotes that do not begin with a letter or digit or have
// more than one line, so that each value stands in its line. The library quotes
// what would else be read as something else than a text.
func quote(n *yaml.Node) {
	first, _ := utf8.DecodeRuneInString(n.Value)
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!str" {
		n.Style = 0
		if !unicode.IsLetter(first) && !unicode.IsDigit(first) || strings.ContainsFunc(n.Value, unicode.IsControl) {
			n.Style = yaml.DoubleQuotedStyle
		}
	}
	for _, child := range n.Content {
		quote(child)
	}
}
