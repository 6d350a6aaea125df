package scenarios

import (
	"cmp"
	"reflect"
	"slices"

	"github.com/voxemu/voxemu/scenarios/document"
)

// section is one kind of row, whatever its type; see [draft] for the list.
type section interface {
	title() string
	read(Source, *document.Node)
	take(s Scenario, given func(name string, member reflect.Value) bool)
	assignOwner(account int64)
	fillDefaults()
	check()
	appendTo(*Scenario)
	sort(*Scenario)
}

// table is the section of one type of row. A later row takes the place of an
// earlier one with the same id.
type table[K cmp.Ordered, R any] struct {
	draft *draft
	name  string
	list  func(*Scenario) *[]R
	id    func(R) K
	// owner is where a row names its account; nil: nowhere, or by the rows that
	// it belongs to.
	owner func(*R) *int64
	// fill completes a row; at is where it stood.
	fill func(row *R, at place)
	// judge reports what is wrong with a row.
	judge func(checker, *R)
	// unique are the values that no two rows may share.
	unique []uniqueness[R]
	// inOrder keeps the rows in the order of the files, because it has a
	// meaning; default: by id.
	inOrder bool

	rows   map[K]*R
	places map[K]place
	order  []K
}

// uniqueness names a field and the value that must be unique; empty: none.
type uniqueness[R any] struct {
	field string
	key   func(R) string
}

// place is where a row or the settings stood.
type place struct {
	source Source
	node   *document.Node // nil: the row was made in Go
	// given tells which members the maker of such a row has set.
	given func(field string) bool
}

// has tells whether the member was given, be it empty.
func (p place) has(field string) bool {
	if p.node == nil {
		return p.given != nil && p.given(field)
	}
	_, exact := p.node.At(field)
	return exact
}

// broken tells that a member could not be read.
func (p place) broken() bool { return p.node != nil && p.node.Broken }

// add appends a section to the draft; the order is that of references: what is
// referred to comes first.
func add[K cmp.Ordered, R any](d *draft, t table[K, R]) *table[K, R] {
	t.draft, t.rows, t.places = d, map[K]*R{}, map[K]place{}
	d.sections = append(d.sections, &t)
	return &t
}

func (t *table[K, R]) title() string { return t.name }

// read adds the rows of one source.
func (t *table[K, R]) read(source Source, list *document.Node) {
	d := t.draft
	items := d.report.Items(source, list, t.name)
	d.torn = d.torn || list.Broken
	seen := map[K]bool{}
	for _, item := range items {
		var row R
		d.report.Decode(source, item, &row, "")
		id := t.id(row)
		if seen[id] && !item.Broken {
			d.report.Add(source, item, "", "id %v stands twice in this file", id)
		}
		seen[id] = true
		d.torn = d.torn || item.Broken && id == *new(K)
		t.put(id, &row, place{source: source, node: item})
	}
}

// put adds a row, or puts it in the place of the one with its id.
func (t *table[K, R]) put(id K, row *R, at place) {
	if _, ok := t.rows[id]; !ok {
		t.order = append(t.order, id)
	}
	t.rows[id], t.places[id] = row, at
}

// assignOwner gives the rows read so far that name no account to the only one.
func (t *table[K, R]) assignOwner(only int64) {
	if t.owner == nil {
		return
	}
	for _, row := range t.rows {
		account := t.owner(row)
		*account = cmp.Or(*account, only)
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

func (t *table[K, R]) check() {
	for _, id := range t.ids() {
		if t.places[id].broken() {
			continue
		}
		c := t.checker(id)
		if number, ok := any(id).(int64); ok && number <= 0 {
			c.refuse("id", "want a positive integer")
		}
		t.judge(c, t.rows[id])
	}
	for _, u := range t.unique {
		t.refuseSecond(u)
	}
}

func (t *table[K, R]) checker(id K) checker {
	at := t.places[id]
	return checker{draft: t.draft, at: func(string) place { return at }}
}

// refuseSecond finds values that stand twice.
func (t *table[K, R]) refuseSecond(u uniqueness[R]) {
	first := map[string]K{}
	for _, id := range t.ids() {
		k := u.key(*t.rows[id])
		if k == "" || t.places[id].broken() {
			continue
		}
		if earlier, taken := first[k]; taken {
			t.checker(id).refuse(u.field, "already used by %v", earlier)
			continue
		}
		first[k] = id
	}
}

// ids lists the ids in order, so that mistakes come in a fixed order.
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

func (t *table[K, R]) sort(s *Scenario) {
	if t.inOrder {
		return
	}
	list := t.list(s)
	*list = slices.SortedFunc(slices.Values(*list), func(a, b R) int { return cmp.Compare(t.id(a), t.id(b)) })
}
