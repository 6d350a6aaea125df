package scenarios

import (
	"iter"
	"reflect"
	"slices"
	"strings"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios/document"
)

// draft is a scenario under construction, with the places of its rows and settings.
type draft struct {
	report    *document.Report
	torn      bool     // some rows could not be read, so references to them cannot be checked
	head      Scenario // everything except the rows
	heads     []place  // places of the settings, later files after earlier ones
	sections  []*section
	merged    []string // names of the sources, in order
	known     fault.Known
	generated int64 // number of rows made by generate
	// state is the state to which rows are added; nil: there is none.
	state           State
	onlyApplication int64 // default of an added rule; 0: the rule must name one
}

func newDraft() *draft {
	d := &draft{report: document.NewReport()}
	d.declare()
	return d
}

// section returns the section of a type of row.
func (d *draft) section(row reflect.Type) *section {
	for _, s := range d.sections {
		if s.row == row {
			return s
		}
	}
	panic("scenarios: no section is declared for this type of row")
}

// rowsByID returns the rows of a type with numeric ids, in no order.
func rowsByID[R any](d *draft) iter.Seq2[int64, *R] {
	return func(yield func(int64, *R) bool) {
		for id, row := range d.section(reflect.TypeFor[R]()).rows {
			if !yield(id.(int64), row.(*R)) {
				return
			}
		}
	}
}

// find returns the row with an id, also from the state to which rows are added.
func find[R any](d *draft, id any) (row *R, ok bool) {
	row, ok = d.section(reflect.TypeFor[R]()).find(id).(*R)
	return row, ok
}

// stored returns the row with an id of the state to which rows are added.
func stored[R any](d *draft, id int64) (row *R, ok bool) {
	row, ok = d.section(reflect.TypeFor[R]()).stored(id).(*R)
	return row, ok
}

// only returns the default account for the rows of a file: the only account of the file
// or, if it has none, the only one of all.
func (d *draft) only(source Source) int64 {
	accounts := d.section(reflect.TypeFor[vox.Account]())
	own := slices.DeleteFunc(accounts.ids(), func(id any) bool { return accounts.places[id].source.Name != source.Name })
	if len(own) == 0 {
		own = accounts.ids()
	}
	if len(own) == 1 {
		return own[0].(int64)
	}
	return 0
}

// complete fills defaults and then checks everything that could be read. Defaults that
// depend on other rows are filled before the checks.
func (d *draft) complete() {
	d.fillSettings()
	for _, s := range d.sections {
		s.fillDefaults()
	}
	d.fillHolds()
	d.checkSettings()
	for _, s := range d.sections {
		s.checkRows()
	}
	if d.report.Len() == 0 { // otherwise sums would be wrong too
		d.checkHolds()
	}
}

func (d *draft) scenario() Scenario {
	s := d.head
	s.Extends = ""
	for _, section := range d.sections {
		section.appendTo(&s)
	}
	return s
}

// settings returns the place of the last setting at a path or, if no file contains it,
// the place where it is missing.
func (d *draft) settings(path string) place {
	for {
		for _, head := range slices.Backward(d.heads) {
			if head.has(path) {
				return head
			}
		}
		parent := strings.LastIndexAny(path, ".[")
		if parent < 0 {
			return place{}
		}
		path = path[:parent]
	}
}
