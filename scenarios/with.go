package scenarios

import (
	"fmt"
	"reflect"
	"strings"
)

// With merges rows that were made in Go into the scenario, as [Read] does for those of a
// file: a row replaces one with the same id, omitted fields get their defaults, and
// everything is checked. Rows without an account belong to the only one of rows, else to
// the only one of the scenario. Of rows, only the rows are used, not the settings.
// Neither scenario changes. The error is [vox.Mistakes]; each names the row.
func (s Scenario) With(rows Scenario) (Scenario, error) {
	d := newDraft()
	d.head = Scenario{Description: s.Description, Clock: s.Clock, Seed: s.Seed, Settings: s.Settings}
	d.heads = []place{{given: func(string) bool { return true }}}
	d.takeAll(s, rows, onlyAccount(rows, s))
	d.complete()
	if err := d.report.Err(); err != nil {
		return Scenario{}, err
	}
	return d.scenario(), nil
}

// takeAll takes the rows of two scenarios, of which the first is complete. Rows without
// an account belong to only.
func (d *draft) takeAll(under, rows Scenario, only int64) {
	for _, section := range d.sections {
		section.take(under, isComplete)
		section.take(rows, isGiven)
		section.assignOwner(only)
	}
}

func onlyAccount(rows, under Scenario) int64 {
	if len(rows.Accounts) == 0 {
		rows = under
	}
	if len(rows.Accounts) == 1 {
		return rows.Accounts[0].ID
	}
	return 0
}

// isComplete reports whether a member of a finished row is kept. An account's money on
// hold changes with its registrations and is computed again.
func isComplete(name string, _ reflect.Value) bool { return name != "money_on_hold" }

// isGiven reports whether a field of a row is set. A parsed amount of 0 differs from the
// zero value, and is therefore set.
func isGiven(_ string, member reflect.Value) bool { return !member.IsZero() }

// take adds the rows of a scenario; given reports which of their fields are set.
func (s *section) take(from Scenario, given func(name string, member reflect.Value) bool) {
	for _, row := range s.rowsOf(&from) {
		own := s.newRow()
		reflect.ValueOf(own).Elem().Set(reflect.ValueOf(row).Elem())
		s.takeRow(own, given)
	}
}

// takeRow adds a row, which then belongs to the draft.
func (s *section) takeRow(row any, given func(name string, member reflect.Value) bool) {
	id := s.idOf(row)
	s.put(id, row, place{source: Source{Name: fmt.Sprintf("%s %v", s.name, id)}, given: func(field string) bool {
		for f, member := range reflect.ValueOf(row).Elem().Fields() {
			if key(f) == field {
				return given(field, member)
			}
		}
		return false
	}})
}

// key returns the name of a field in a file; empty for embedded structs.
func key(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	return name
}
