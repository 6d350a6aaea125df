package scenarios

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Generate makes many rows that differ in their id, and in the texts that name
// it. They are rows like all others: later files, and the sections of the same
// file, may replace one of them by its id, and an export lists them one by one.
type Generate struct {
	// Count is how many rows are made; all of a scenario together make at most
	// 100000 of each.
	Count int64 `yaml:"count" jsonschema:"required"`
	// User and Registration are the first row of each; the others follow with
	// the ids after its own. In their texts {id} stands for the row's id.
	User         *vox.User         `yaml:"user,omitempty"`
	Registration *vox.Registration `yaml:"registration,omitempty"`
}

// generate is the member that makes rows.
const generate = "generate"

// mostGenerated bounds what a few bytes of a file can ask for.
const mostGenerated = 100_000

// generate makes the rows of one source.
func (r reader) generate(members []*ast.MappingValueNode) {
	for _, pair := range members {
		if keyOf(pair) != generate {
			continue
		}
		for _, item := range r.sequence(pair.Value, generate) {
			var g Generate
			before := len(r.draft.complaints)
			r.places = map[string]mark{}
			r.decode(item, valueOf(&g), "")
			r.makeRows(g, place{mark{r.source, item.GetToken()}, r.places, len(r.draft.complaints) > before})
		}
	}
}

func (r reader) makeRows(g Generate, at place) {
	d, c := r.draft, checker{r.draft, at}
	switch {
	case at.broken:
		d.torn = true
		return
	case g.Count < 1 || g.Count > mostGenerated-d.generated:
		c.complain("count", "want 1 to %d, all together", mostGenerated)
		d.torn = true
		return
	case g.User == nil && g.Registration == nil:
		c.complain("count", "want a user or a registration beside it")
	}
	d.generated += g.Count
	if g.User != nil {
		repeat(d.users, *g.User, g.Count, at.within("user"), func(u *vox.User) *int64 { return &u.ID })
	}
	if g.Registration != nil {
		repeat(d.registrations, *g.Registration, g.Count, at.within("registration"), func(r *vox.Registration) *int64 { return &r.ID })
	}
}

// within is the place of a member that is a row itself.
func (p place) within(member string) place {
	inner := place{p.of(member), map[string]mark{}, p.broken}
	for path, at := range p.fields {
		if path, ok := strings.CutPrefix(path, member+"."); ok {
			inner.fields[path] = at
		}
	}
	return inner
}

// repeat puts count rows into a table.
func repeat[R any](t *table[int64, R], first R, count int64, at place, id func(*R) *int64) {
	texts := textsWithID(reflect.ValueOf(first))
	if slices.ContainsFunc(texts, func(f reflect.StructField) bool { return reflect.ValueOf(first).FieldByIndex(f.Index).Len() > longest }) {
		checker{t.draft, at}.complain("id", "want at most %d bytes in a text with {id}", longest)
		return
	}
	for n := range count {
		row := first
		number := *id(&row) + n
		*id(&row) = number
		for _, f := range texts {
			text := reflect.ValueOf(&row).Elem().FieldByIndex(f.Index)
			text.SetString(strings.ReplaceAll(text.String(), "{id}", strconv.FormatInt(number, 10)))
		}
		if t.places[number].source.Name == at.source.Name {
			checker{t.draft, at}.complain("id", "makes %s that an earlier entry of this file makes; want ids apart", t.name)
		}
		t.put(number, &row, at)
	}
}

// textsWithID are the members of a row that name its id.
func textsWithID(row reflect.Value) []reflect.StructField {
	return slices.DeleteFunc(reflect.VisibleFields(row.Type()), func(f reflect.StructField) bool {
		return f.Type.Kind() != reflect.String || !strings.Contains(row.FieldByIndex(f.Index).String(), "{id}")
	})
}
