// Package tally counts what the requests of a server covered.
package tally

import (
	"maps"
	"sync"

	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/report"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Tally counts requests. It is safe for concurrent use.
type Tally struct {
	contract *contract.Contract
	version  string

	mu    sync.Mutex // guards the fields below
	sheet *sheet     // nil: nothing was counted
	after int64      // requests up to this number are left out
}

// sheet is a report with an index.
type sheet struct {
	contract *contract.Contract
	report   report.Report
	items    map[report.Key]*report.Item
	methods  map[string]*report.Method
}

// New returns a tally of a contract. version is that of the emulator. It costs nothing
// until it is used.
func New(c *contract.Contract, version string) *Tally { return &Tally{contract: c, version: version} }

// Note counts a request that leaves the journal.
func (t *Tally) Note(r *journal.Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if r.Number <= t.after {
		return
	}
	if t.sheet == nil {
		t.sheet = newSheet(t.contract, Blank(t.contract, t.version))
	}
	t.sheet.note(r)
}

// Clear forgets what was counted. Requests up to a number are not counted any more.
func (t *Tally) Clear(upTo int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sheet, t.after = nil, upTo
}

// Report returns what was counted by now. kept returns the requests that are still in the
// journal; it calls its argument while none can leave.
func (t *Tally) Report(kept func(meanwhile func()) []*journal.Request) report.Report {
	var s *sheet
	var after int64
	for _, r := range kept(func() { s, after = t.copied() }) {
		if r.Number > after {
			s.note(r)
		}
	}
	s.report.SortMistakes()
	return s.report
}

func (t *Tally) copied() (*sheet, int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.sheet == nil {
		return newSheet(t.contract, Blank(t.contract, t.version)), t.after
	}
	return newSheet(t.contract, t.sheet.report.Clone()), t.after
}

func newSheet(c *contract.Contract, r report.Report) *sheet {
	s := &sheet{contract: c, report: r, methods: map[string]*report.Method{}}
	s.items = maps.Collect(s.report.Items())
	for i := range s.report.Methods {
		s.methods[s.report.Methods[i].Name] = &s.report.Methods[i]
	}
	return s
}

// Blank returns a report of everything that a run can cover, with counts of zero.
func Blank(c *contract.Contract, version string) report.Report {
	r := report.Report{Version: version, Mistakes: []report.Mistake{}, Untriggered: []string{}}
	for _, m := range c.Methods() {
		method := report.Method{Item: report.Item{Name: m.Name}, Parameters: []report.Parameter{}, Errors: []report.Item{}}
		for _, name := range m.Parameters() {
			p := report.Parameter{Item: report.Item{Name: name}}
			for _, value := range m.ClosedSet(name) {
				p.Values = append(p.Values, report.Item{Name: value})
			}
			method.Parameters = append(method.Parameters, p)
		}
		for _, name := range m.Errors {
			method.Errors = append(method.Errors, report.Item{Name: string(name)})
		}
		r.Methods = append(r.Methods, method)
	}
	for _, name := range c.ErrorNames() {
		if c.CanAnswer(nil, name) {
			r.Errors = append(r.Errors, report.Item{Name: string(name)})
		}
	}
	for _, kind := range fault.Kinds() {
		r.Faults = append(r.Faults, report.Item{Name: kind.Name})
	}
	for _, state := range vox.States() {
		r.States = append(r.States, report.Item{Name: string(state)})
	}
	r.States = append(r.States, report.Item{Name: report.Frozen})
	for _, name := range vox.CallbackTypes() {
		r.Callbacks = append(r.Callbacks, report.Item{Name: string(name)})
	}
	return r
}

func (s *sheet) note(r *journal.Request) {
	if r.Kind == journal.CallbackRequest {
		s.report.CallbackAttempts++
		s.count(report.Key{Aspect: report.Callbacks, Name: string(r.CallbackType)}, false)
		return
	}
	s.report.Requests++
	s.report.ParametersLeftOut += int64(r.ParametersLeftOut)
	for _, kind := range r.FaultKinds {
		s.count(report.Key{Aspect: report.Faults, Name: kind}, false)
	}
	if method, ok := s.contract.Method(r.Method); ok {
		s.method(method, r)
	}
	s.error(r)
	for _, m := range mistakes(r) {
		s.report.AddMistake(m)
	}
}

func (s *sheet) count(key report.Key, byFault bool) bool {
	item := s.items[key]
	if item == nil {
		return false
	}
	item.Times++
	if byFault {
		item.ByFault++
	}
	return true
}

func (s *sheet) method(m *contract.Method, r *journal.Request) {
	s.count(report.Key{Aspect: report.Methods, Method: m.Name}, false)
	if r.Code == 0 && r.Status == 200 && r.Aborted == "" {
		s.methods[m.Name].Succeeded++
	}
	for name, values := range r.Parameters {
		s.count(report.Key{Aspect: report.Parameters, Method: m.Name, Name: name}, false)
		seen := map[string]bool{}
		for _, text := range values {
			if value := m.Canonical(name, text); !seen[value] {
				seen[value] = true
				s.count(report.Key{Aspect: report.Values, Method: m.Name, Name: name, Value: value}, false)
			}
		}
	}
}

// error counts the reply's error: as one of the method's own, else as one of every method,
// else as one that the specification does not list.
func (s *sheet) error(r *journal.Request) {
	if r.Error == "" {
		return
	}
	byFault := r.Fault != ""
	if s.count(report.Key{Aspect: report.Errors, Method: r.Method, Name: r.Error}, byFault) ||
		s.count(report.Key{Aspect: report.Errors, Name: r.Error}, byFault) {
		return
	}
	if m := s.methods[r.Method]; m != nil {
		m.CountOther(r.Error, 1)
	}
}

// mistakes returns the differences between a request and the API, without the values that
// were sent.
func mistakes(r *journal.Request) []report.Mistake {
	one := report.Mistake{Method: r.Method, Times: 1, First: r.Number}
	if r.NotEmulated {
		one.Text, one.NotEmulated = r.Method+": the real service has the method, voxemu does not", true
		return []report.Mistake{one}
	}
	var list []report.Mistake
	if r.UnknownMethod {
		one.Text = "the API has no method " + r.Method + " at this address"
		list = append(list, one)
	}
	for _, p := range r.Mistakes {
		m := one
		m.Text, m.Refused = p.String(), p.Error != "" && r.Path == ""
		if r.Method != "" {
			m.Text = r.Method + ": " + m.Text
		}
		list = append(list, m)
	}
	for _, name := range r.UnknownParameters {
		m := one
		m.Text = r.Method + " has no parameter " + name
		list = append(list, m)
	}
	return list
}
