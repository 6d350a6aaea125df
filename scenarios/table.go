package scenarios

import (
	"cmp"
	"reflect"
	"slices"
	"sort"
	"time"

	"github.com/voxemu/voxemu/scenarios/document"
)

// table declares the section of a type of row; name, list, id and check are required.
type table[K int64 | string, R any] struct {
	// name is the member of a scenario file.
	name string
	list func(*Scenario) *[]R
	id   func(*R) *K
	// newID returns the id of an added row without one, if ids are texts.
	newID func(n int64) string
	// owner returns the field with a row's account, whose default is the only account.
	// nil as function or result: the row belongs to another row, which determines the
	// account.
	owner func(*R) *int64
	// choose sets the name of a row that is added to a running state, from its id.
	choose func(*R)
	// fill fills the defaults of a row; at is its place.
	fill func(row *R, at place)
	// date sets the times that a row omits, when it is loaded.
	date func(row *R, now time.Time)
	// check reports mistakes in a row.
	check func(checker, *R)
	// relied returns what check reads of such a row when another row refers to it; nil:
	// only its existence. If it does not change, replacing the row cannot make other rows
	// invalid.
	relied func(R) any
	// unique are values that must be unique. The store has a unique index for each.
	unique []uniqueness[R]
	// template is the member of [Generate] that makes such rows, if any.
	template template[R]
	// inOrder keeps the rows in the order of the files; default: by id.
	inOrder bool
	// noTable reports whether the store has no such rows.
	noTable bool
}

type template[R any] struct {
	name string
	row  func(Generate) *R
}

// uniqueness is a field and its value, which must be unique; an empty value is ignored.
type uniqueness[R any] struct {
	field string
	key   func(*R) string
}

// section is a [table] without its types, so that its code is compiled once and not for
// each type of row. A row is a pointer such as *[vox.User], an id an int64 or a string. A
// later row replaces an earlier one with the same id.
type section struct {
	name     string
	row      reflect.Type
	list     func(*Scenario) any // a pointer such as *[]vox.User
	id       func(row any) any   // a pointer to the id
	newID    func(n int64) string
	owner    func(row any) *int64
	choose   func(row any)
	fill     func(row any, at place)
	date     func(row any, now time.Time)
	check    func(c checker, row any)
	relied   func(row any) any
	unique   []uniqueValue
	template func(Generate) any // nil as function or result: none
	// templateName is the member of [Generate] with the template.
	templateName string
	inOrder      bool
	noTable      bool

	draft  *draft
	rows   map[any]any   // by id
	places map[any]place // by id
	order  []any         // the ids
}

type uniqueValue struct {
	field string
	key   func(row any) string
}

// add adds a section to the draft. All of it that does not name R is in section.
func add[K int64 | string, R any](d *draft, t table[K, R]) {
	s := &section{
		draft: d, name: t.name, row: reflect.TypeFor[R](), newID: t.newID, inOrder: t.inOrder, noTable: t.noTable,
		list:         func(s *Scenario) any { return t.list(s) },
		id:           func(row any) any { return t.id(row.(*R)) },
		check:        func(c checker, row any) { t.check(c, row.(*R)) },
		templateName: t.template.name,
	}
	if t.owner != nil {
		s.owner = func(row any) *int64 { return t.owner(row.(*R)) }
	}
	if t.choose != nil {
		s.choose = func(row any) { t.choose(row.(*R)) }
	}
	if t.fill != nil {
		s.fill = func(row any, at place) { t.fill(row.(*R), at) }
	}
	if t.date != nil {
		s.date = func(row any, now time.Time) { t.date(row.(*R), now) }
	}
	if t.relied != nil {
		s.relied = func(row any) any { return t.relied(*row.(*R)) }
	}
	if t.template.row != nil {
		s.template = func(g Generate) any {
			if row := t.template.row(g); row != nil {
				return row
			}
			return nil
		}
	}
	for _, u := range t.unique {
		s.unique = append(s.unique, uniqueValue{u.field, func(row any) string { return u.key(row.(*R)) }})
	}
	d.sections = append(d.sections, s)
}

// place is the place of a row or of the settings.
type place struct {
	source Source
	node   *document.Node // nil: the row was made in Go
	// given reports which fields are set in a row that was made in Go.
	given func(field string) bool
}

// has reports whether the member was given, even if empty.
func (p place) has(field string) bool {
	if p.node == nil {
		return p.given != nil && p.given(field)
	}
	_, exact := p.node.At(field)
	return exact
}

func (p place) broken() bool { return p.node != nil && p.node.Broken }

func (s *section) describe(in *Scenario) Section {
	described := Section{Name: s.name, Rows: s.list(in)}
	for _, u := range s.unique {
		described.Unique = append(described.Unique, u.field)
	}
	return described
}

// newRow returns a row without content.
func (s *section) newRow() any { return reflect.New(s.row).Interface() }

// idOf returns the id of a row.
func (s *section) idOf(row any) any { return reflect.ValueOf(s.id(row)).Elem().Interface() }

// isNone reports whether a row has no id.
func isNone(id any) bool { return id == int64(0) || id == "" }

// compareIDs compares two ids of a section like [cmp.Compare].
func compareIDs(a, b any) int {
	if text, ok := a.(string); ok {
		return cmp.Compare(text, b.(string))
	}
	return cmp.Compare(a.(int64), b.(int64))
}

// rowsOf returns pointers to the rows in a scenario.
func (s *section) rowsOf(in *Scenario) []any {
	list := reflect.ValueOf(s.list(in)).Elem()
	rows := make([]any, list.Len())
	for i := range rows {
		rows[i] = list.Index(i).Addr().Interface()
	}
	return rows
}

// ownRowsOf is rowsOf, for changing the rows: it copies them before.
func (s *section) ownRowsOf(in *Scenario) []any {
	list := reflect.ValueOf(s.list(in)).Elem()
	list.Set(reflect.AppendSlice(list.Slice3(0, 0, 0), list))
	return s.rowsOf(in)
}

// appendRow appends a copy of a row to those in a scenario.
func (s *section) appendRow(to *Scenario, row any) {
	list := reflect.ValueOf(s.list(to)).Elem()
	list.Set(reflect.Append(list, reflect.ValueOf(row).Elem()))
}

func (s *section) read(source Source, list *document.Node) {
	d := s.draft
	items := d.report.Items(source, list, s.name)
	d.torn = d.torn || list.Broken
	seen := map[any]bool{}
	for _, item := range items {
		row := s.newRow()
		d.report.Decode(source, item, row, "")
		id := s.idOf(row)
		if seen[id] && !item.Broken {
			d.report.Add(source, item, "", "id %v is given twice in this file", id)
		}
		seen[id] = true
		d.torn = d.torn || item.Broken && isNone(id)
		s.put(id, row, place{source: source, node: item})
	}
}

// put adds a row, or replaces the one with its id.
func (s *section) put(id, row any, at place) {
	if s.rows == nil {
		s.rows, s.places = map[any]any{}, map[any]place{}
	}
	if _, ok := s.rows[id]; !ok {
		s.order = append(s.order, id)
	}
	s.rows[id], s.places[id] = row, at
}

// assignOwner sets the account of the rows read so far that have none.
func (s *section) assignOwner(only int64) {
	for _, row := range s.rows {
		s.own(row, only)
	}
}

// own sets the account of a row that has none.
func (s *section) own(row any, account int64) {
	if s.owner == nil {
		return
	}
	if owner := s.owner(row); owner != nil {
		*owner = cmp.Or(*owner, account)
	}
}

func (s *section) fillDefaults() {
	if s.fill == nil {
		return
	}
	for _, id := range s.ids() {
		s.fill(s.rows[id], s.places[id])
	}
}

func (s *section) checkRows() {
	for _, id := range s.ids() {
		if s.places[id].broken() {
			continue
		}
		c := s.checker(id)
		if number, ok := id.(int64); ok && number <= 0 {
			c.refuse("id", "want a positive integer")
		}
		s.check(c, s.rows[id])
	}
	for _, u := range s.unique {
		s.refuseSecond(u)
	}
}

func (s *section) checker(id any) checker {
	at := s.places[id]
	return checker{draft: s.draft, at: func(string) place { return at }}
}

// refuseSecond reports duplicate values.
func (s *section) refuseSecond(u uniqueValue) {
	first := map[string]any{}
	for _, id := range s.ids() {
		k := u.key(s.rows[id])
		if k == "" || s.places[id].broken() {
			continue
		}
		earlier, taken := first[k]
		if !taken {
			earlier, taken = s.storedHolder(u.field, s.rows[id])
		}
		if taken {
			s.checker(id).refuse(u.field, "already used by %v", earlier)
			continue
		}
		first[k] = id
	}
}

// ids returns the ids in order, so that the order of mistakes is fixed.
func (s *section) ids() []any {
	ids := slices.Clone(s.order)
	if !s.inOrder {
		slices.SortFunc(ids, compareIDs)
	}
	return ids
}

func (s *section) appendTo(to *Scenario) {
	for _, id := range s.ids() {
		s.appendRow(to, s.rows[id])
	}
}

func (s *section) dateAll(in *Scenario, now time.Time) {
	if s.date == nil {
		return
	}
	for _, row := range s.ownRowsOf(in) {
		s.date(row, now)
	}
}

func (s *section) sort(in *Scenario) {
	if s.inOrder {
		return
	}
	rows := s.ownRowsOf(in)
	sort.Slice(reflect.ValueOf(s.list(in)).Elem().Interface(), func(i, j int) bool {
		return compareIDs(s.idOf(rows[i]), s.idOf(rows[j])) < 0 // pointers to what is at i and j now
	})
}
