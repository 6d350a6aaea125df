package scenarios

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/voxemu/voxemu/emulator/vox"
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

// place is where a value stood.
type place struct {
	source Source
	token  *token.Token
	fields map[string]*token.Token
}

func (p place) of(field string) *token.Token {
	if t, ok := p.fields[field]; ok {
		return t
	}
	return p.token
}

// table holds one kind of row, a later one in the place of an earlier one with
// the same id.
type table[K cmp.Ordered, R any] struct {
	id     func(R) K
	rows   map[K]*R
	places map[K]place
}

func newTable[K cmp.Ordered, R any](id func(R) K) table[K, R] {
	return table[K, R]{id, map[K]*R{}, map[K]place{}}
}

// ids lists the ids in order, so that complaints come in a fixed order.
func (t table[K, R]) ids() []K {
	ids := make([]K, 0, len(t.rows))
	for id := range t.rows {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

func (t table[K, R]) sorted() []R {
	var list []R
	for _, id := range t.ids() {
		list = append(list, *t.rows[id])
	}
	return list
}

// draft is a scenario in the making, with the place of everything.
type draft struct {
	complaints    Errors
	description   string
	settings      vox.Settings
	settingsAt    place
	accounts      table[int64, vox.Account]
	keys          table[string, vox.Key]
	applications  table[int64, vox.Application]
	rules         table[int64, vox.Rule]
	users         table[int64, vox.User]
	registrations table[int64, vox.Registration]
}

func newDraft() *draft {
	return &draft{
		settingsAt:    place{fields: map[string]*token.Token{}},
		accounts:      newTable(func(r vox.Account) int64 { return r.ID }),
		keys:          newTable(func(r vox.Key) string { return r.ID }),
		applications:  newTable(func(r vox.Application) int64 { return r.ID }),
		rules:         newTable(func(r vox.Rule) int64 { return r.ID }),
		users:         newTable(func(r vox.User) int64 { return r.ID }),
		registrations: newTable(func(r vox.Registration) int64 { return r.ID }),
	}
}

func (d *draft) scenario() Scenario {
	return Scenario{
		Description: d.description, Settings: d.settings,
		Accounts: d.accounts.sorted(), Keys: d.keys.sorted(), Applications: d.applications.sorted(),
		Rules: d.rules.sorted(), Users: d.users.sorted(), Registrations: d.registrations.sorted(),
	}
}

// complain notes a mistake at a token.
func (d *draft) complain(source Source, at *token.Token, format string, args ...any) {
	c := Complaint{File: source.Name, Message: fmt.Sprintf(format, args...)}
	if at != nil {
		c.Line, c.Column = at.Position.Line, at.Position.Column
		c.Excerpt = source.excerpt(c.Line, c.Column)
	}
	d.complaints = append(d.complaints, c)
}

// read adds one source.
func (d *draft) read(source Source) {
	root, ok := d.parse(source)
	if !ok {
		return
	}
	r := reader{draft: d, source: source}
	for _, pair := range r.mapping(root) {
		r.section(pair)
	}
	d.fillOwners(d.only(source))
}

// only is the account that rows of a file belong to when they name none: the
// file's own only account, or, when it has none, the only one of all.
func (d *draft) only(source Source) int64 {
	own := slices.DeleteFunc(d.accounts.ids(), func(id int64) bool { return d.accounts.places[id].source.Name != source.Name })
	if len(own) == 0 {
		own = d.accounts.ids()
	}
	if len(own) == 1 {
		return own[0]
	}
	return 0
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

// section reads one member of the root.
func (r reader) section(pair *ast.MappingValueNode) {
	d := r.draft
	switch key := pair.Key.String(); key {
	case "description":
		r.decode(pair.Value, valueOf(&d.description), key)
	case "behaviour", "registrar", "monthly_fee":
		d.settingsAt.source = r.source
		r.places = d.settingsAt.fields
		r.field(pair, valueOf(&d.settings))
	case "accounts":
		readRows(r, pair.Value, d.accounts)
	case "keys":
		readRows(r, pair.Value, d.keys)
	case "applications":
		readRows(r, pair.Value, d.applications)
	case "rules":
		readRows(r, pair.Value, d.rules)
	case "users":
		readRows(r, pair.Value, d.users)
	case "registrations":
		readRows(r, pair.Value, d.registrations)
	default:
		r.unknown(pair, strings.Fields("description behaviour registrar monthly_fee accounts keys applications rules users registrations"))
	}
}

// readRows adds the rows of one section.
func readRows[K cmp.Ordered, R any](r reader, node ast.Node, t table[K, R]) {
	seen := map[K]bool{}
	for _, item := range r.sequence(node) {
		var row R
		r.places = map[string]*token.Token{}
		r.decode(item, valueOf(&row), "row")
		id := t.id(row)
		if seen[id] {
			r.complain(item, "id %v stands twice in this file", id)
		}
		seen[id] = true
		t.rows[id] = &row
		t.places[id] = place{r.source, item.GetToken(), r.places}
	}
}
