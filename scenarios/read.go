package scenarios

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Read reads scenarios at hand, laid on top of each other in order: a row with
// the id of an earlier one replaces it, a setting replaces the earlier one. What
// is left out is filled, see the fields of package vox; moments stay zero. The
// error is [Errors].
func Read(sources ...Source) (Scenario, error) {
	d := newDraft()
	for _, source := range sources {
		d.read(source)
	}
	if len(d.complaints) == 0 {
		d.complete()
	}
	if len(d.complaints) > 0 {
		slices.SortStableFunc(d.complaints, func(a, b Complaint) int {
			order := func(c Complaint) int {
				return slices.IndexFunc(sources, func(s Source) bool { return s.Name == c.File })
			}
			return cmp.Or(order(a)-order(b), a.Line-b.Line, a.Column-b.Column)
		})
		return Scenario{}, d.complaints
	}
	return d.scenario(), nil
}

// read adds one source.
func (d *draft) read(source Source) {
	root, ok := d.parse(source)
	if !ok {
		return
	}
	r := reader{draft: d, source: source}
	for _, pair := range r.mapping(root, "the file") {
		r.member(pair)
	}
	for _, s := range d.sections {
		s.adopt(d.only(source))
	}
}

// parse gives the document's root; false when there is none or it is broken.
func (d *draft) parse(source Source) (ast.Node, bool) {
	switch {
	case len(source.Text) > maxSize:
		d.complain(source, nil, "has %d bytes; at most %d are read", len(source.Text), maxSize)
		return nil, false
	case !utf8.Valid(source.Text) || bytes.ContainsRune(source.Text, 0):
		d.complain(source, nil, "is no UTF-8 text")
		return nil, false
	}
	file, err := parser.ParseBytes(source.Text, 0)
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
	for _, s := range d.sections {
		if s.title() == pair.Key.String() {
			s.read(r, pair.Value)
			return
		}
	}
	d.headAt.source, r.places = r.source, d.headAt.fields
	if !r.field(pair, valueOf(&d.head), "") {
		r.unknown(pair, keys(valueOf(&d.head)))
	}
}
