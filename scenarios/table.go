package scenarios

import (
	"cmp"
	"reflect"
	"slices"
	"sort"
	"time"

	"github.com/voxemu/voxemu/scenarios/document"
)

// section is a kind of row independent of its type; see [draft.declare].
type section interface {
	title() string
	describe(*Scenario) (Section, bool)
	read(Source, *document.Node)
	generate(Generate, place) bool
	take(s Scenario, given func(name string, member reflect.Value) bool)
	number(*Scenario, State)
	chooseAll(*Scenario)
	isReliedOn(Scenario, State) bool
	assignOwner(account int64)
	ownAll(s *Scenario, account int64)
	fillDefaults()
	checkRows()
	appendTo(*Scenario)
	appendSame(to *Scenario, as Scenario)
	dateAll(*Scenario, time.Time)
	sort(*Scenario)
}

// table is the section of a type of row. A later row replaces an earlier one with the
// same id. The first members declare it; name, list, id and check are required.
type table[K cmp.Ordered, R any] struct {
	// name is the member of a scenario file.
	name string
	list func(*Scenario) *[]R
	id   func(*R) *K
	// newID returns the id of an added row without one, if ids are texts.
	newID func(n int64) K
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

	draft  *draft
	rows   map[K]*R
	places map[K]place
	order  []K
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

func (t *table[K, R]) title() string { return t.name }

func (t *table[K, R]) describe(s *Scenario) (described Section, hasTable bool) {
	described = Section{Name: t.name, Rows: t.list(s)}
	for _, u := range t.unique {
		described.Unique = append(described.Unique, u.field)
	}
	return described, !t.noTable
}

func (t *table[K, R]) read(source Source, list *document.Node) {
	d := t.draft
	items := d.report.Items(source, list, t.name)
	d.torn = d.torn || list.Broken
	seen := map[K]bool{}
	for _, item := range items {
		var row R
		d.report.Decode(source, item, &row, "")
		id := *t.id(&row)
		if seen[id] && !item.Broken {
			d.report.Add(source, item, "", "id %v is given twice in this file", id)
		}
		seen[id] = true
		d.torn = d.torn || item.Broken && id == *new(K)
		t.put(id, &row, place{source: source, node: item})
	}
}

// put adds a row, or replaces the one with its id.
func (t *table[K, R]) put(id K, row *R, at place) {
	if t.rows == nil {
		t.rows, t.places = map[K]*R{}, map[K]place{}
	}
	if _, ok := t.rows[id]; !ok {
		t.order = append(t.order, id)
	}
	t.rows[id], t.places[id] = row, at
}

// assignOwner sets the account of the rows read so far that have none.
func (t *table[K, R]) assignOwner(only int64) {
	for _, row := range t.rows {
		t.own(row, only)
	}
}

// own sets the account of a row that has none.
func (t *table[K, R]) own(row *R, account int64) {
	if t.owner == nil {
		return
	}
	if owner := t.owner(row); owner != nil {
		*owner = cmp.Or(*owner, account)
	}
}

func (t *table[K, R]) fillDefaults() {
	if t.fill == nil {
		return
	}
	for _, id := range t.ids() {
		t.fill(t.rows[id], t.places[id])
	}
}

func (t *table[K, R]) checkRows() {
	for _, id := range t.ids() {
		if t.places[id].broken() {
			continue
		}
		c := t.checker(id)
		if number, ok := any(id).(int64); ok && number <= 0 {
			c.refuse("id", "want a positive integer")
		}
		t.check(c, t.rows[id])
	}
	for _, u := range t.unique {
		t.refuseSecond(u)
	}
}

func (t *table[K, R]) checker(id K) checker {
	at := t.places[id]
	return checker{draft: t.draft, at: func(string) place { return at }}
}

// refuseSecond reports duplicate values.
func (t *table[K, R]) refuseSecond(u uniqueness[R]) {
	first := map[string]K{}
	for _, id := range t.ids() {
		k := u.key(t.rows[id])
		if k == "" || t.places[id].broken() {
			continue
		}
		earlier, taken := first[k]
		if !taken {
			earlier, taken = t.storedHolder(u.field, t.rows[id])
		}
		if taken {
			t.checker(id).refuse(u.field, "already used by %v", earlier)
			continue
		}
		first[k] = id
	}
}

// ids returns the ids in order, so that the order of mistakes is fixed.
func (t *table[K, R]) ids() []K {
	ids := slices.Clone(t.order)
	if !t.inOrder {
		slices.Sort(ids)
	}
	return ids
}

func (t *table[K, R]) appendTo(s *Scenario) {
	for _, id := range t.ids() {
		*t.list(s) = append(*t.list(s), *t.rows[id])
	}
}

func (t *table[K, R]) dateAll(s *Scenario, now time.Time) {
	if t.date == nil {
		return
	}
	rows := slices.Clone(*t.list(s))
	for i := range rows {
		t.date(&rows[i], now)
	}
	*t.list(s) = rows
}

func (t *table[K, R]) sort(s *Scenario) {
	if t.inOrder {
		return
	}
	// slices.SortFunc would be compiled for each kind of row, 0.3 MB of every binary.
	list := append([]R(nil), *t.list(s)...)
	sort.Slice(list, func(i, j int) bool { return *t.id(&list[i]) < *t.id(&list[j]) })
	*t.list(s) = list
}
