// Package scenarios defines the scenario files that seed an emulator: one YAML document
// with the types of package vox, read strictly. It reports all mistakes at once, each
// with file, line, column, member and what is allowed.
//
// A scenario contains what differs from the defaults, or from another scenario:
//
//	extends: demo
//	clock: {start: 2026-03-01T12:00:00Z, stopped: true}
//	registrations:
//	  - {id: 7, account_id: 1, sip_username: alice, proxy: sip.example.com}
//
// Load one, or several merged, by built-in name or file:
//
//	scenario, err := scenarios.Load("demo", "testdata/more.yaml")
//
// Start an emulator with it, and export a server's state in the same format:
//
//	seed, err := emulator.NewSeed(scenario, time.Now())
//	emu, err := emulator.New(emulator.WithSeed(seed))
//	…
//	text, err := emu.Export()
package scenarios

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
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

// Names returns the names of the built-in scenarios.
func Names() []string {
	files, err := fs.Glob(builtin, "*.yaml")
	if err != nil { // cannot happen: the pattern is constant
		panic(err)
	}
	for i, file := range files {
		files[i] = strings.TrimSuffix(file, ".yaml")
	}
	return files
}

// Builtin returns the text of a built-in scenario; false if there is none.
func Builtin(name string) ([]byte, bool) {
	text, err := builtin.ReadFile(name + ".yaml")
	return text, err == nil
}

// Description returns the description of a built-in scenario without reading the rest;
// empty for an unknown one.
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

// maxSize is the maximum size of a scenario file, in bytes.
const maxSize = 16 << 20

// extends is the member with the name of another scenario.
const extends = "extends"

// Reader reads scenarios. The zero value, which [Load], [LoadFS] and [Read] use, accepts
// all names in fault rules. The reader of emulator.ScenarioReader refuses methods,
// parameters and errors that the API does not have.
type Reader struct {
	// Known lists the names that fault rules may use.
	Known fault.Known
}

// Load is [Reader.Load] of the zero Reader.
func Load(names ...string) (Scenario, error) { return Reader{}.Load(names...) }

// LoadFS is [Reader.LoadFS] of the zero Reader.
func LoadFS(fsys fs.FS, names ...string) (Scenario, error) { return Reader{}.LoadFS(fsys, names...) }

// Read is [Reader.Read] of the zero Reader.
func Read(sources ...Source) (Scenario, error) { return Reader{}.Read(sources...) }

// Load reads scenarios, merged in this order; each is a built-in name or a file. It
// returns an error for a name that is neither, or [vox.Mistakes].
func (r Reader) Load(names ...string) (Scenario, error) {
	return r.load(names, func(name string, by Source) (Source, error) { return openFile(beside(name, by)) })
}

// Files returns the files that [Load] reads for the names, including extended ones, as
// far as they can be read. It does not include built-in scenarios.
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

// beside returns the path of a file named in another one, relative to that one's folder.
// Built-in names are unchanged.
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

// didYouMean is the end of the message on an unknown scenario.
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
	text, err := io.ReadAll(io.LimitReader(file, maxSize+1)) // Stat does not limit devices, which have no size
	if len(text) > maxSize {
		return Source{}, fmt.Errorf("scenario %q has more than %d bytes", name, maxSize)
	}
	return Source{Name: name, Text: text}, err
}

// YAML returns the scenario in its canonical form, with rows by id; reading it returns
// the same scenario.
func (s Scenario) YAML() ([]byte, error) {
	var text bytes.Buffer
	err := s.WriteYAML(&text)
	return text.Bytes(), err
}

// rowsAtOnce is the number of rows that [Scenario.WriteYAML] holds as text.
const rowsAtOnce = 16

// WriteYAML writes the result of [Scenario.YAML] in small parts: the text of a large
// state, and the nodes that it is made from, take ten times the memory of the state.
// Error: that of the writer.
func (s Scenario) WriteYAML(w io.Writer) error {
	for _, section := range newDraft().sections {
		section.sort(&s)
	}
	head := s
	empty := reflect.ValueOf(&head).Elem()
	type list struct {
		name string
		rows reflect.Value
	}
	var lists []list // the last fields of the type
	for field, value := range reflect.ValueOf(s).Fields() {
		if value.Kind() == reflect.Slice && value.Len() > 0 {
			name, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
			lists = append(lists, list{name, value})
			empty.FieldByIndex(field.Index).SetZero()
		}
	}
	if err := writeNode(w, head, len(lists) > 0); err != nil {
		return err
	}
	for _, list := range lists {
		if _, err := io.WriteString(w, list.name+":\n"); err != nil {
			return err
		}
		for i := 0; i < list.rows.Len(); i += rowsAtOnce {
			part := list.rows.Slice(i, min(i+rowsAtOnce, list.rows.Len()))
			if err := writeNode(w, part.Interface(), false); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeNode writes a value; with omitEmpty, nothing for one without members.
func writeNode(w io.Writer, value any, omitEmpty bool) error {
	var root yaml.Node
	if err := root.Dump(value, yaml.WithV4Defaults()); err != nil {
		return err
	}
	quote(&root)
	text, err := yaml.Dump(&root, yaml.WithV4Defaults(),
		yaml.WithIndent(2), yaml.WithCompactSeqIndent(), yaml.WithLineWidth(-1), yaml.WithQuotePreference(yaml.QuoteDouble))
	if err != nil || omitEmpty && string(text) == "{}\n" {
		return err
	}
	_, err = w.Write(text)
	return err
}

// quote adds quotes to texts that do not begin with a letter or digit, or have several
// lines, so that each value is on one line. The library adds quotes to texts that would
// otherwise be read as another type.
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
