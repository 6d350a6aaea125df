package scenarios

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/voxemu/voxemu/scenarios/document"
)

const generate = "generate"

// mostGenerated limits the rows that a small file can create.
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
	}
	d.generated += g.Count
	made := false
	for _, section := range d.sections {
		made = section.generate(g, at) || made
	}
	if !made {
		c.refuse("count", "want a user or a registration beside it")
	}
}

// within returns the place of a member that is a row itself.
func (p place) within(member string) place {
	node, _ := p.node.At(member)
	return place{source: p.source, node: node}
}

// generate adds rows like the template's to the table; false if there is no template.
func (s *section) generate(g Generate, at place) bool {
	if s.template == nil || s.template(g) == nil {
		return false
	}
	first, at := reflect.ValueOf(s.template(g)).Elem(), at.within(s.templateName)
	c := checker{draft: s.draft, at: func(string) place { return at }}
	texts := textsWithID(first)
	if slices.ContainsFunc(texts, func(f reflect.StructField) bool { return first.FieldByIndex(f.Index).Len() > longest }) {
		c.refuse("id", "want at most %d bytes in a text with {id}", longest)
		return true
	}
	for n := range g.Count {
		row := s.newRow()
		made := reflect.ValueOf(row).Elem()
		made.Set(first)
		if number, ok := s.id(row).(*int64); ok {
			*number += n
		}
		id := s.idOf(row)
		for _, f := range texts {
			text := made.FieldByIndex(f.Index)
			text.SetString(strings.ReplaceAll(text.String(), "{id}", fmt.Sprint(id)))
		}
		if s.places[id].source.Name == at.source.Name {
			c.refuse("id", "makes %s that an earlier entry of this file makes; choose other ids", s.name)
		}
		s.put(id, row, at)
	}
	return true
}

// textsWithID returns the members of a row that contain {id}.
func textsWithID(row reflect.Value) []reflect.StructField {
	return slices.DeleteFunc(reflect.VisibleFields(row.Type()), func(f reflect.StructField) bool {
		return f.Type.Kind() != reflect.String || !strings.Contains(row.FieldByIndex(f.Index).String(), "{id}")
	})
}
