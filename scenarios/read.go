package scenarios

import (
	"bytes"
	"cmp"
	"errors"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Read reads scenarios at hand, laid on top of each other in order: a row with
// the id of an earlier one replaces it, a setting replaces the earlier one. They
// may extend built-in scenarios. What is left out is filled, see the fields of
// package vox; moments stay zero. The error is
// [vox.Mistakes].
func (r Reader) Read(sources ...Source) (Scenario, error) {
	return r.read(sources, func(name string, _ Source) (Source, error) { return openBuiltin(name) })
}

// opener finds the scenario that a source extends.
type opener func(name string, by Source) (Source, error)

func (r Reader) read(sources []Source, open opener) (Scenario, error) {
	d := newDraft()
	d.known = r.Known
	for _, source := range sources {
		d.lay(source, open, nil)
	}
	if !d.torn {
		d.complete()
	}
	if len(d.complaints) == 0 {
		return d.scenario(), nil
	}
	slices.SortStableFunc(d.complaints, func(a, b vox.Mistake) int {
		return cmp.Or(slices.Index(d.stack, a.File)-slices.Index(d.stack, b.File), a.Line-b.Line, a.Column-b.Column)
	})
	return Scenario{}, d.errors()
}

// lay adds one source on top of the scenario that it extends. A scenario that
// lies there already is not laid again.
func (d *draft) lay(source Source, open opener, extending []string) {
	r := reader{draft: d, source: source}
	before := len(d.complaints)
	var members []*ast.MappingValueNode
	if root, ok := d.parse(source); ok {
		members = r.mapping(root, "the file")
	}
	r.base(members, open, append(extending, source.Name))
	d.torn = d.torn || len(d.complaints) > before
	d.stack = append(d.stack, source.Name)
	r.generate(members)
	for _, pair := range members {
		r.member(pair)
	}
	for _, s := range d.sections {
		s.adopt(d.only(source))
	}
}

// base lays what the source extends.
func (r reader) base(members []*ast.MappingValueNode, open opener, extending []string) {
	for _, pair := range members {
		name, text := pair.Value.(*ast.StringNode)
		if pair.Key.String() != extends || !text {
			continue
		}
		base, err := open(name.Value, r.source)
		switch {
		case err != nil:
			r.complain(pair.Value, "extends: %v", err)
		case slices.Contains(extending, base.Name):
			r.complain(pair.Value, "extends: a scenario cannot extend itself: %s", strings.Join(append(extending, base.Name), ", "))
		case !slices.Contains(r.draft.stack, base.Name):
			r.draft.lay(base, open, extending)
		}
	}
}

// parse gives the document's root; false when there is none or it is broken.
func (d *draft) parse(source Source) (ast.Node, bool) {
	switch {
	case len(source.Text) > maxSize && !source.Large:
		d.complain(source, nil, "has %d bytes; at most %d are read", len(source.Text), maxSize)
		return nil, false
	case !utf8.Valid(source.Text) || bytes.ContainsRune(source.Text, 0):
		d.complain(source, nil, "is no UTF-8 text")
		return nil, false
	}
	tokens, beyond, why := tokenize(bytes.TrimPrefix(source.Text, []byte("\uFEFF"))) // Windows editors write it
	if beyond != nil {
		d.complain(source, beyond, "%s", why)
		return nil, false
	}
	file, err := parser.Parse(tokens, 0)
	var positioned yaml.Error
	switch {
	case errors.As(err, &positioned):
		d.complain(source, positioned.GetToken(), "no YAML: %s", positioned.GetMessage())
		return nil, false
	case err != nil:
		d.complain(source, nil, "no YAML: %v", err)
		return nil, false
	case len(file.Docs) > 1:
		d.complain(source, file.Docs[1].Start, "holds several documents; want one, so remove ---")
		return nil, false
	case len(file.Docs) == 0 || file.Docs[0].Body == nil:
		return nil, false
	}
	_, comment := file.Docs[0].Body.(*ast.CommentGroupNode)
	return file.Docs[0].Body, !comment
}

// member reads one member of the root: a section of rows, or a setting.
func (r reader) member(pair *ast.MappingValueNode) {
	d := r.draft
	if keyOf(pair) == generate {
		return // see [reader.generate]
	}
	for _, s := range d.sections {
		if s.title() == keyOf(pair) {
			s.read(r, pair.Value)
			return
		}
	}
	before := len(d.complaints)
	r.places = d.headAt.fields
	if !r.field(pair, valueOf(&d.head), "") {
		r.unknown(pair, reflect.TypeFor[Scenario]())
		d.torn = true
	}
	d.headAt.broken = d.headAt.broken || len(d.complaints) > before
}
