package scenarios

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// section is one kind of row, whatever its type; see [draft] for the list.
type section interface {
	title() string
	read(r reader, list ast.Node)
	take(s Scenario, given func(name string, member reflect.Value) bool)
	adopt(only int64)
	complete()
	check()
	give(*Scenario)
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
	// judge complains about a row.
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

// mark is a spot in a source.
type mark struct {
	source Source
	token  *token.Token
}

// place is where a row or the settings stood, and each of their members by its
// path, for example "registrar.delay".
type place struct {
	mark
	fields map[string]mark
	// broken tells that a member could not be read: that was complained about,
	// and what the rest means is unknown.
	broken bool
}

// of is where a member stands or, when it is missing, what it is missing in.
func (p place) of(field string) mark {
	for {
		if m, ok := p.fields[field]; ok {
			return m
		}
		parent := strings.LastIndexAny(field, ".[")
		if parent < 0 {
			return p.mark
		}
		field = field[:parent]
	}
}

// has tells whether the file gave the member, be it empty.
func (p place) has(field string) bool {
	_, ok := p.fields[field]
	return ok
}

// add appends a section to the draft; the order is that of references: what is
// referred to comes first.
func add[K cmp.Ordered, R any](d *draft, t table[K, R]) *table[K, R] {
	t.draft, t.rows, t.places = d, map[K]*R{}, map[K]place{}
	d.sections = append(d.sections, &t)
	return &t
}

func (t *table[K, R]) title() string { return t.name }

// read adds the rows of one source.
func (t *table[K, R]) read(r reader, list ast.Node) {
	complaints := len(t.draft.complaints)
	items := r.sequence(list, t.name)
	t.draft.torn = t.draft.torn || len(t.draft.complaints) > complaints
	seen := map[K]bool{}
	for _, item := range items {
		var row R
		before := len(t.draft.complaints)
		r.places = map[string]mark{}
		r.decode(item, valueOf(&row), "")
		id, broken := t.id(row), len(t.draft.complaints) > before
		if seen[id] && !broken {
			r.complain(item, "id %v stands twice in this file", id)
		}
		seen[id] = true
		t.put(id, &row, place{mark{r.source, item.GetToken()}, r.places, broken})
	}
}

// put adds a row, or puts it in the place of the one with its id.
func (t *table[K, R]) put(id K, row *R, at place) {
	if _, ok := t.rows[id]; !ok {
		t.order = append(t.order, id)
	}
	t.rows[id], t.places[id] = row, at
}

// adopt gives the rows read so far that name no account the only one.
func (t *table[K, R]) adopt(only int64) {
	if t.owner == nil {
		return
	}
	for _, row := range t.rows {
		account := t.owner(row)
		*account = cmp.Or(*account, only)
	}
}

func (t *table[K, R]) complete() {
	if t.fill == nil {
		return
	}
	for _, id := range t.ids() {
		t.fill(t.rows[id], t.places[id])
	}
}

func (t *table[K, R]) check() {
	for _, id := range t.ids() {
		if t.places[id].broken {
			continue
		}
		c := checker{t.draft, t.places[id]}
		if number, ok := any(id).(int64); ok && number <= 0 {
			c.complain("id", "want a positive integer")
		}
		t.judge(c, t.rows[id])
	}
	for _, u := range t.unique {
		t.refuseSecond(u)
	}
}

// refuseSecond finds values that stand twice.
func (t *table[K, R]) refuseSecond(u uniqueness[R]) {
	first := map[string]K{}
	for _, id := range t.ids() {
		k := u.key(*t.rows[id])
		if k == "" || t.places[id].broken {
			continue
		}
		if earlier, taken := first[k]; taken {
			checker{t.draft, t.places[id]}.complain(u.field, "already used by %v", earlier)
			continue
		}
		first[k] = id
	}
}

// ids lists the ids in order, so that complaints come in a fixed order.
func (t *table[K, R]) ids() []K {
	ids := slices.Clone(t.order)
	if !t.inOrder {
		slices.Sort(ids)
	}
	return ids
}

func (t *table[K, R]) give(s *Scenario) {
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
