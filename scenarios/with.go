package scenarios

import (
	"fmt"
	"reflect"
	"strings"
)

// With merges rows that were made in Go into the scenario, as [Read] does
// with those of a file: a row with the id of an earlier one replaces it, what is
// left out is filled, everything is checked. Rows that name no account belong to
// the only one among rows, or else the only one of the scenario. Of rows, only
// the rows count; settings stay. Neither scenario is changed. The error is
// [vox.Mistakes]; each names the row instead of a file.
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

// takeAll takes the rows of two scenarios, of which the first is complete. Those
// that name no account belong to the only one.
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

// isComplete holds for the members of a finished row. What an account holds
// changes with its registrations and is summed up again.
func isComplete(name string, _ reflect.Value) bool { return name != "money_on_hold" }

// isGiven holds for the members of a row that its maker set. An amount of 0 that
// was parsed is not the zero value, and so is given.
func isGiven(_ string, member reflect.Value) bool { return !member.IsZero() }

// take adds the rows of a scenario; given tells which of their members count as
// given.
func (t *table[K, R]) take(s Scenario, given func(name string, member reflect.Value) bool) {
	for _, row := range *t.list(&s) {
		t.takeRow(row, given)
	}
}

func (t *table[K, R]) takeRow(row R, given func(name string, member reflect.Value) bool) {
	id := *t.id(&row)
	t.put(id, &row, place{source: Source{Name: fmt.Sprintf("%s %v", t.name, id)}, given: func(field string) bool {
		for f, member := range reflect.ValueOf(&row).Elem().Fields() {
			if key(f) == field {
				return given(field, member)
			}
		}
		return false
	}})
}

// key is the name of a field in a file; empty for embedded structs.
func key(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	return name
}
