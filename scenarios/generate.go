package scenarios

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios/document"
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
func (d *draft) generate(source Source, members []document.Member) {
	for _, m := range members {
		if m.Name != generate {
			continue
		}
		for _, item := range d.report.Items(source, m.Value, generate) {
			var g Generate
			d.report.Decode(source, item, &g, "")
			d.makeRows(g, place{source: source, node: item})
		}
		d.torn = d.torn || m.Value.Broken
	}
}

func (d *draft) makeRows(g Generate, at place) {
	c := checker{draft: d, at: func(string) place { return at }}
	switch {
	case at.broken():
		d.torn = true
		return
	case g.Count < 1 || g.Count > mostGenerated-d.generated:
		c.refuse("count", "want 1 to %d, all together", mostGenerated)
		d.torn = true
		return
	case g.User == nil && g.Registration == nil:
		c.refuse("count", "want a user or a registration beside it")
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
	node, _ := p.node.At(member)
	return place{source: p.source, node: node}
}

// repeat puts count rows into a table.
func repeat[R any](t *table[int64, R], first R, count int64, at place, id func(*R) *int64) {
	c := checker{draft: t.draft, at: func(string) place { return at }}
	texts := textsWithID(reflect.ValueOf(first))
	if slices.ContainsFunc(texts, func(f reflect.StructField) bool { return reflect.ValueOf(first).FieldByIndex(f.Index).Len() > longest }) {
		c.refuse("id", "want at most %d bytes in a text with {id}", longest)
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
			c.refuse("id", "makes %s that an earlier entry of this file makes; want ids apart", t.name)
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
