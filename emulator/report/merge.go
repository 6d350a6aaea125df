package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Merge adds the counts of another report. The error names an item that this report does
// not have, because another version of the emulator made it; nothing has changed then.
func (r *Report) Merge(other Report) error {
	mine := maps.Collect(r.Items())
	for key := range other.Items() {
		if mine[key] == nil {
			return fmt.Errorf("%s: the report of version %q has it, this version %q does not: merge reports of one version", key, other.Version, r.Version)
		}
	}
	for key, item := range other.Items() {
		mine[key].Times += item.Times
		mine[key].ByFault += item.ByFault
	}
	for _, m := range other.Methods {
		at := slices.IndexFunc(r.Methods, func(mine Method) bool { return mine.Name == m.Name })
		r.Methods[at].Succeeded += m.Succeeded
		for name, times := range m.OtherErrors {
			r.Methods[at].CountOther(name, times)
		}
	}
	r.Requests += other.Requests
	r.CallbackAttempts += other.CallbackAttempts
	r.ParametersLeftOut += other.ParametersLeftOut
	r.MoreMistakes += other.MoreMistakes
	for _, m := range other.Mistakes {
		r.AddMistake(m)
	}
	for _, text := range other.Untriggered {
		if !slices.Contains(r.Untriggered, text) {
			r.Untriggered = append(r.Untriggered, text)
		}
	}
	r.SortMistakes()
	return nil
}

// CountOther counts replies with an error that the specification does not list.
func (m *Method) CountOther(name string, times int64) {
	if m.OtherErrors == nil {
		m.OtherErrors = map[string]int64{}
	}
	m.OtherErrors[name] += times
}

// AddMistake adds a mistake to an equal one, or to the list.
func (r *Report) AddMistake(m Mistake) {
	for i := range r.Mistakes {
		if same := &r.Mistakes[i]; same.Text == m.Text && same.Refused == m.Refused {
			same.Times += m.Times
			same.First = min(same.First, m.First)
			return
		}
	}
	if len(r.Mistakes) == MaxMistakes {
		r.MoreMistakes += m.Times
		return
	}
	r.Mistakes = append(r.Mistakes, m)
}

// SortMistakes sorts the mistakes: the most frequent first.
func (r *Report) SortMistakes() {
	slices.SortFunc(r.Mistakes, func(a, b Mistake) int {
		return cmp.Or(cmp.Compare(b.Times, a.Times), strings.Compare(a.Text, b.Text))
	})
}

// Covered returns a copy without the items that were never covered. It is shorter, and
// [Report.Merge] adds it to a whole one.
func (r *Report) Covered() Report {
	never := func(i Item) bool { return i.Times == 0 }
	out := r.Clone()
	for i := range out.Methods {
		m := &out.Methods[i]
		m.Parameters = slices.DeleteFunc(m.Parameters, func(p Parameter) bool { return p.Times == 0 })
		for p := range m.Parameters {
			m.Parameters[p].Values = slices.DeleteFunc(m.Parameters[p].Values, never)
		}
		m.Errors = slices.DeleteFunc(m.Errors, never)
	}
	out.Methods = slices.DeleteFunc(out.Methods, func(m Method) bool { return m.Times == 0 })
	for _, list := range []*[]Item{&out.Errors, &out.Faults, &out.States, &out.Callbacks} {
		*list = slices.DeleteFunc(*list, never)
	}
	return out
}
