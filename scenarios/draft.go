package scenarios

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios/document"
)

// draft is a scenario in the making, with the place of everything.
type draft struct {
	report    *document.Report
	torn      bool     // rows could not be read: what refers to them cannot be judged
	head      Scenario // without the rows
	heads     []place  // where the settings stood, a later file's behind an earlier one's
	sections  []section
	merged    []string // the names of the sources, in order
	known     fault.Known
	generated int64 // how many rows were made of one
	// state is what rows are added to; nil: the draft is everything.
	state           State
	onlyApplication int64 // of an added rule that names none; 0: it has to name one
}

func newDraft() *draft {
	d := &draft{report: document.NewReport(reflect.TypeFor[Scenario]())}
	d.declare()
	return d
}

// add declares a section.
func add[K cmp.Ordered, R any](d *draft, t table[K, R]) {
	t.draft = d
	d.sections = append(d.sections, &t)
}

// tableOf is the section of a type of row.
func tableOf[K cmp.Ordered, R any](d *draft) *table[K, R] {
	for _, s := range d.sections {
		if t, ok := s.(*table[K, R]); ok {
			return t
		}
	}
	panic("scenarios: no section is declared for this type of row")
}

// find gives the row with an id, from the state that rows are added to if need
// be.
func find[R any, K cmp.Ordered](d *draft, id K) (*R, bool) {
	t := tableOf[K, R](d)
	if row, ok := t.rows[id]; ok {
		return row, true
	}
	return t.stored(id)
}

// only is the account that rows of a file belong to when they name none: the
// file's own only account, or, when it has none, the only one of all.
func (d *draft) only(source Source) int64 {
	accounts := tableOf[int64, vox.Account](d)
	own := slices.DeleteFunc(accounts.ids(), func(id int64) bool { return accounts.places[id].source.Name != source.Name })
	if len(own) == 0 {
		own = accounts.ids()
	}
	if len(own) == 1 {
		return own[0]
	}
	return 0
}

// complete fills what is left out and then checks everything that could be read.
// Defaults that follow references are filled first, so that checks see the
// finished rows.
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
	if d.report.Len() == 0 { // sums of what is wrong would be wrong as well
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

// settings is where the setting at a path stood last or, when no file has it,
// what it is missing in.
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
