// Package report says what the requests of a run covered: which methods, parameters,
// values of closed sets, documented errors, kinds of faults, states of registrations and
// types of callbacks, which never, and what was wrong in the requests.
//
// [github.com/voxemu/voxemu/emulator.Server.Report] makes a [Report]. [Report.Merge] adds
// those of other workers, [Report.Check] holds it against a minimum and a baseline, and
// [Report.Write] writes it as HTML, JUnit XML, JSON, Markdown and GitHub annotations.
package report

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Report is what the requests of a run covered. Its JSON form is complete: reports read
// from files can be merged.
type Report struct {
	// Version is the version of the emulator.
	Version string `json:"version"`
	// Requests is the number of requests to the API.
	Requests int64 `json:"requests"`
	// CallbackAttempts is the number of attempts to deliver a callback.
	CallbackAttempts int64 `json:"callback_attempts"`
	// ParametersLeftOut is the number of parameters that were too many or too long for the
	// journal and are not counted.
	ParametersLeftOut int64 `json:"parameters_left_out,omitempty"`
	// Methods are the emulated methods, by name.
	Methods []Method `json:"methods"`
	// Errors are the errors that every method can reply with, by name.
	Errors []Item `json:"errors"`
	// Faults are the kinds of faults.
	Faults []Item `json:"faults"`
	// States are the states of registrations, and frozen for a frozen subscription. Times
	// counts how often a registration reached the state after its scenario was loaded.
	States []Item `json:"states"`
	// Callbacks are the types of callbacks. Times counts attempts to deliver one.
	Callbacks []Item `json:"callbacks"`
	// Mistakes are the differences between the requests and the API, the most frequent
	// first.
	Mistakes []Mistake `json:"mistakes"`
	// MoreMistakes is the number of mistakes beyond those listed: [MaxMistakes] different
	// ones are.
	MoreMistakes int64 `json:"more_mistakes,omitempty"`
	// Untriggered describes the armed faults that were not triggered, or not often enough.
	Untriggered []string `json:"untriggered"`
}

// MaxMistakes is the maximum number of different mistakes in a report.
const MaxMistakes = 500

// Item is one thing that can be covered.
type Item struct {
	// Name is its name.
	Name string `json:"name"`
	// Times is how often it was covered; 0: never.
	Times int64 `json:"times"`
	// ByFault is how many of them an armed fault caused.
	ByFault int64 `json:"by_fault,omitempty"`
}

// Method is a method of the API. Times counts all requests for it.
type Method struct {
	Item
	// Succeeded is the number of requests with a complete reply and no error.
	Succeeded int64 `json:"succeeded"`
	// Parameters are the method's own parameters, in the order of the specification; Times
	// counts the requests that have one.
	Parameters []Parameter `json:"parameters"`
	// Errors are the method's own errors.
	Errors []Item `json:"errors"`
	// OtherErrors counts replies with errors that the specification does not list for the
	// method, which only faults cause.
	OtherErrors map[string]int64 `json:"other_errors,omitempty"`
}

// Parameter is a parameter of a method.
type Parameter struct {
	Item
	// Values are its values, if they are a closed set.
	Values []Item `json:"values,omitempty"`
}

// Mistake is one kind of difference between requests and the API.
type Mistake struct {
	// Text describes it, without the values that were sent.
	Text string `json:"text"`
	// Refused reports whether the API replied with an error. It ignores the others, so
	// that a client does not notice them.
	Refused bool `json:"refused"`
	// NotEmulated reports that the real service has the method and the emulator does not,
	// which is no mistake of the client.
	NotEmulated bool `json:"not_emulated,omitempty"`
	// Method is the method; empty: the request has none.
	Method string `json:"method,omitempty"`
	// Times is the number of requests with the mistake.
	Times int64 `json:"times"`
	// First is the number of the first one.
	First int64 `json:"first"`
}

// Hidden reports whether the client's author should correct the mistake: the API ignores
// it, or the method does not exist. Values that the API refuses can be sent on purpose.
func (m Mistake) Hidden() bool { return !m.Refused && !m.NotEmulated }

// Aspect is a kind of thing that can be covered.
type Aspect string

// The aspects of coverage.
const (
	Methods    Aspect = "methods"
	Parameters Aspect = "parameters"
	Values     Aspect = "values"
	Errors     Aspect = "errors"
	Faults     Aspect = "faults"
	States     Aspect = "states"
	Callbacks  Aspect = "callbacks"
)

// Aspects returns all aspects in the order of reports.
func Aspects() []Aspect {
	return []Aspect{Methods, Parameters, Values, Errors, Faults, States, Callbacks}
}

// Frozen is the name in [Report.States] of a subscription that was frozen.
const Frozen = "frozen"

// Key identifies an item in a report.
type Key struct {
	// Aspect is the kind of item.
	Aspect Aspect
	// Method is the method; empty: the item belongs to none.
	Method string
	// Name is the parameter, error, kind of fault, state or type of callback.
	Name string
	// Value is a value of a closed set.
	Value string
}

// String returns the key as a line of a baseline, for example
// "values CreateSipRegistration.is_persistent=false".
func (k Key) String() string { return string(k.Aspect) + " " + k.Label() }

// Label returns the key without its aspect. An error of every method has the method *.
func (k Key) Label() string {
	switch k.Aspect {
	case Methods:
		return k.Method
	case Parameters:
		return k.Method + "." + k.Name
	case Values:
		return k.Method + "." + k.Name + "=" + k.Value
	case Errors:
		return cmp.Or(k.Method, "*") + "." + k.Name
	}
	return k.Name
}

// Items returns pointers to all items by key, in the order of the report.
func (r *Report) Items() iter.Seq2[Key, *Item] {
	return func(yield func(Key, *Item) bool) {
		for i := range r.Methods {
			if !r.Methods[i].items(yield) {
				return
			}
		}
		for _, list := range []struct {
			aspect Aspect
			items  []Item
		}{{Errors, r.Errors}, {Faults, r.Faults}, {States, r.States}, {Callbacks, r.Callbacks}} {
			for i := range list.items {
				if !yield(Key{Aspect: list.aspect, Name: list.items[i].Name}, &list.items[i]) {
					return
				}
			}
		}
	}
}

func (m *Method) items(yield func(Key, *Item) bool) bool {
	if !yield(Key{Aspect: Methods, Method: m.Name}, &m.Item) {
		return false
	}
	for i := range m.Parameters {
		p := &m.Parameters[i]
		if !yield(Key{Aspect: Parameters, Method: m.Name, Name: p.Name}, &p.Item) {
			return false
		}
		for v := range p.Values {
			if !yield(Key{Values, m.Name, p.Name, p.Values[v].Name}, &p.Values[v]) {
				return false
			}
		}
	}
	for i := range m.Errors {
		if !yield(Key{Aspect: Errors, Method: m.Name, Name: m.Errors[i].Name}, &m.Errors[i]) {
			return false
		}
	}
	return true
}

// Share is how much of something was covered.
type Share struct {
	// Aspect is what was counted; empty: everything.
	Aspect Aspect
	// Covered and Total are numbers of items.
	Covered, Total int
}

// Percent returns the share from 0 to 100; 100 if there is nothing to cover.
func (s Share) Percent() float64 {
	if s.Total == 0 {
		return 100
	}
	return 100 * float64(s.Covered) / float64(s.Total)
}

// String returns the share in words, for example 3 of 53 (5.7 %).
func (s Share) String() string {
	return fmt.Sprintf("%d of %d (%.1f %%)", s.Covered, s.Total, s.Percent())
}

// Shares returns the share of everything, and then that of each aspect.
func (r *Report) Shares() []Share {
	shares := []Share{{}}
	for _, aspect := range Aspects() {
		shares = append(shares, Share{Aspect: aspect})
	}
	for key, item := range r.Items() {
		for i := range shares {
			if i == 0 || shares[i].Aspect == key.Aspect {
				shares[i].Total++
				if item.Times > 0 {
					shares[i].Covered++
				}
			}
		}
	}
	return shares
}

// Only leaves the methods that match one of the patterns; the other aspects stay. Without
// patterns it does nothing. The error names a pattern that is malformed or matches no
// method; the report has not changed then.
func (r *Report) Only(patterns ...string) error {
	if len(patterns) == 0 {
		return nil
	}
	kept := map[string]bool{}
	for _, pattern := range patterns {
		if err := vox.CheckPattern(pattern); err != nil {
			return fmt.Errorf("methods %q: %w", pattern, err)
		}
		before := len(kept)
		matched := false
		for _, m := range r.Methods {
			if vox.MatchPattern(pattern, m.Name) {
				kept[m.Name], matched = true, true
			}
		}
		if len(kept) == before && !matched {
			return fmt.Errorf("methods %q: no emulated method matches", pattern)
		}
	}
	r.Methods = slices.DeleteFunc(slices.Clone(r.Methods), func(m Method) bool { return !kept[m.Name] })
	return nil
}

// Clone returns a copy that shares nothing with the report.
func (r *Report) Clone() Report {
	out := *r
	out.Methods = slices.Clone(r.Methods)
	for i := range out.Methods {
		m := &out.Methods[i]
		m.Parameters, m.Errors, m.OtherErrors = slices.Clone(m.Parameters), slices.Clone(m.Errors), maps.Clone(m.OtherErrors)
		for p := range m.Parameters {
			m.Parameters[p].Values = slices.Clone(m.Parameters[p].Values)
		}
	}
	out.Errors, out.Faults, out.States, out.Callbacks = slices.Clone(r.Errors), slices.Clone(r.Faults), slices.Clone(r.States), slices.Clone(r.Callbacks)
	out.Mistakes, out.Untriggered = slices.Clone(r.Mistakes), slices.Clone(r.Untriggered)
	return out
}
