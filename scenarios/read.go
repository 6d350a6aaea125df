package scenarios

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/voxemu/voxemu/scenarios/document"
)

// Source is the text of a scenario, with a name for mistakes.
type Source = document.Source

// Read reads scenarios from texts, merged in this order: a row replaces an earlier one
// with the same id, and a setting the earlier one. They can extend built-in scenarios.
// Omitted fields get their defaults, see package vox; omitted times stay zero. The error
// is [vox.Mistakes].
func (r Reader) Read(sources ...Source) (Scenario, error) {
	return r.read(sources, func(name string, _ Source) (Source, error) { return openBuiltin(name) })
}

// opener opens the scenario that a source extends.
type opener func(name string, by Source) (Source, error)

func (r Reader) read(sources []Source, open opener) (Scenario, error) {
	d := newDraft()
	d.known = r.Known
	for _, source := range sources {
		d.merge(source, open, nil)
	}
	d.complete()
	if err := d.report.Err(d.merged...); err != nil {
		return Scenario{}, err
	}
	return d.scenario(), nil
}

// merge adds a source to the draft, after the scenario that it extends. A scenario that
// was already merged is skipped.
func (d *draft) merge(source Source, open opener, extending []string) {
	before := d.report.Len()
	var members []document.Member
	root := d.report.Parse(source)
	if root != nil {
		members = d.report.Members(source, root, "")
		d.heads = append(d.heads, place{source: source, node: root})
	}
	d.extend(source, members, open, append(extending, source.Name))
	d.torn = d.torn || d.report.Len() > before
	d.merged = append(d.merged, source.Name)
	d.generate(source, members)
	for _, m := range members {
		d.member(source, m)
	}
	for _, s := range d.sections {
		s.assignOwner(d.only(source))
	}
}

// extend merges the scenario that the source extends.
func (d *draft) extend(source Source, members []document.Member, open opener, extending []string) {
	for _, m := range members {
		name, text := m.Value.Text()
		if m.Name != extends || !text {
			continue
		}
		base, err := open(name, source)
		switch {
		case err != nil:
			d.report.Add(source, m.Value, extends, "%v", err)
		case !isExtendable(name):
			d.report.Add(source, m.Value, extends, "want a built-in scenario, or a file that ends in .yaml, .yml or .json")
		case slices.Contains(extending, base.Name):
			d.report.Add(source, m.Value, extends, "a scenario cannot extend itself: %s", strings.Join(append(extending, base.Name), ", "))
		case !slices.Contains(d.merged, base.Name):
			d.merge(base, open, extending)
		}
	}
}

// isExtendable reports whether an editor can tell that the name is one of a scenario.
func isExtendable(name string) bool {
	_, builtIn := Builtin(name)
	return builtIn || slices.Contains([]string{".yaml", ".yml", ".json"}, filepath.Ext(name))
}

// member reads a member of the root: a section of rows, or a setting.
func (d *draft) member(source Source, m document.Member) {
	if m.Name == generate {
		return // see [draft.generate]
	}
	for _, s := range d.sections {
		if s.name == m.Name {
			s.read(source, m.Value)
			return
		}
	}
	if !d.report.Field(source, m, &d.head, "") {
		d.torn = true // it could be a misspelt section
	}
}
