package journal

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/voxemu/voxemu/emulator/vox"
)

// Filter selects requests that match all given conditions. The zero value selects all.
type Filter struct {
	// Kind is call or callback; default: both.
	Kind RequestKind `json:"kind,omitempty"`
	// Method is the exact name of the API method.
	Method string `json:"method,omitempty"`
	// CallbackType is the callback's type.
	CallbackType vox.CallbackType `json:"callback_type,omitempty"`
	// CallbackID is the callback's id.
	CallbackID int64 `json:"callback_id,omitempty"`
	// AccountID is the account; see [Request.AccountID].
	AccountID int64 `json:"account_id,omitempty"`
	// KeyID is the service account that signed the token.
	KeyID string `json:"key_id,omitempty"`
	// Parameters maps names of parameters to required values.
	Parameters map[string]Value `json:"parameters,omitempty"`
	// Code is the number of the reply's error. 0 selects successful requests, which have
	// a complete reply with HTTP status 200. Default: any.
	Code *int `json:"code,omitempty"`
	// Error is the name of the reply's error.
	Error string `json:"error,omitempty"`
	// Fault is the name of the rule that was applied; * matches any.
	Fault string `json:"fault,omitempty"`
	// Mistake is the kind of mistake in the request.
	Mistake MistakeKind `json:"mistake,omitempty"`
	// NotEmulated selects requests for methods that the emulator does not implement.
	NotEmulated bool `json:"not_emulated,omitempty"`
	// Aborted selects requests without a complete reply.
	Aborted bool `json:"aborted,omitempty"`
	// Since selects requests that began at this moment or later, on the emulator's clock.
	Since time.Time `json:"since,omitzero"`
	// Until selects requests that began before this moment, on the emulator's clock.
	Until time.Time `json:"until,omitzero"`
	// After selects requests with a larger number.
	After int64 `json:"after,omitempty"`
}

// Matcher returns a function that reports whether a request matches. Call Matcher once
// for many requests.
func (f Filter) Matcher() func(*Request) bool { return f.criteria().fit }

// With returns a copy of the filter that also requires a value of a parameter; see
// [Equal].
func (f Filter) With(parameter, value string) Filter { return f.Where(parameter, Equal(value)) }

// Where returns a copy of the filter with a condition on a parameter.
func (f Filter) Where(parameter string, value Value) Filter {
	f.Parameters = maps.Clone(f.Parameters)
	if f.Parameters == nil {
		f.Parameters = map[string]Value{}
	}
	f.Parameters[parameter] = value
	return f
}

type criterion struct {
	name string
	want string // in words
	fits func(*Request) bool
	got  func(*Request) string // in words
}

type criteria []criterion

func (c criteria) fit(e *Request) bool {
	for _, one := range c {
		if !one.fits(e) {
			return false
		}
	}
	return true
}

// criteria returns the conditions of the filter. Each member of [Filter] has a line here.
func (f Filter) criteria() criteria {
	var c criteria
	c.word("kind", string(f.Kind), func(e *Request) string { return string(e.Kind) })
	c.word("method", f.Method, func(e *Request) string { return e.Method })
	c.word("callback_type", string(f.CallbackType), func(e *Request) string { return string(e.CallbackType) })
	c.number("callback_id", f.CallbackID, func(e *Request) int64 { return e.CallbackID })
	c.number("account_id", f.AccountID, func(e *Request) int64 { return e.AccountID })
	c.word("key_id", f.KeyID, func(e *Request) string { return e.KeyID })
	for _, name := range slices.Sorted(maps.Keys(f.Parameters)) {
		c.parameter(name, f.Parameters[name])
	}
	c.code(f.Code)
	c.word("error", f.Error, func(e *Request) string { return e.Error })
	c.fault(f.Fault)
	if f.Mistake != "" {
		c.mark("mistake", string(f.Mistake), func(e *Request) bool { return e.Has(f.Mistake) })
	}
	if f.NotEmulated {
		c.mark("not_emulated", "true", func(e *Request) bool { return e.NotEmulated })
	}
	if f.Aborted {
		c.mark("aborted", "true", func(e *Request) bool { return e.Aborted != "" })
	}
	c.window(f)
	return c
}

func (c *criteria) word(name, want string, of func(*Request) string) {
	if want != "" {
		*c = append(*c, criterion{name, strconv.Quote(want),
			func(e *Request) bool { return of(e) == want },
			func(e *Request) string { return quoted(of(e)) }})
	}
}

func (c *criteria) number(name string, want int64, of func(*Request) int64) {
	if want != 0 {
		*c = append(*c, criterion{name, strconv.FormatInt(want, 10),
			func(e *Request) bool { return of(e) == want },
			func(e *Request) string { return strconv.FormatInt(of(e), 10) }})
	}
}

func (c *criteria) mark(name, want string, is func(*Request) bool) {
	*c = append(*c, criterion{name, want, is, func(*Request) string { return "nothing" }})
}

func (c *criteria) code(want *int) {
	if want != nil {
		inWords := strconv.Itoa(*want)
		if *want == 0 {
			inWords = "0 (success)"
		}
		*c = append(*c, criterion{"code", inWords,
			func(e *Request) bool { return e.Kind == APIRequest && e.Code == *want && (e.Code != 0 || e.answered()) },
			func(e *Request) string { return e.outcome() }})
	}
}

func (c *criteria) fault(want string) {
	if want == "*" {
		c.mark("fault", "any", func(e *Request) bool { return e.Fault != "" })
		return
	}
	c.word("fault", want, func(e *Request) string { return e.Fault })
}

func (c *criteria) parameter(name string, want Value) {
	got := func(e *Request) string { return quoted(e.Parameters[name]...) }
	if vox.IsSecretName(name) && want.demand != given && want.demand != absent {
		*c = append(*c, criterion{name, "a value that the journal masks (ask only whether it was given)",
			func(*Request) bool { return false }, got})
		return
	}
	*c = append(*c, criterion{name, want.String(),
		func(e *Request) bool { return e.Kind == APIRequest && want.fits(e.Parameters[name]) }, got})
}

func (c *criteria) window(f Filter) {
	moment := func(e *Request) string { return e.At.Format(time.RFC3339Nano) }
	if !f.Since.IsZero() {
		*c = append(*c, criterion{"at", "from " + f.Since.Format(time.RFC3339Nano),
			func(e *Request) bool { return !e.At.Before(f.Since) }, moment})
	}
	if !f.Until.IsZero() {
		*c = append(*c, criterion{"at", "before " + f.Until.Format(time.RFC3339Nano),
			func(e *Request) bool { return e.At.Before(f.Until) }, moment})
	}
	if f.After != 0 {
		*c = append(*c, criterion{"number", fmt.Sprintf("above %d", f.After),
			func(e *Request) bool { return e.Number > f.After },
			func(e *Request) string { return strconv.FormatInt(e.Number, 10) }})
	}
}

// quoted returns texts in quotes, separated by commas.
func quoted(texts ...string) string {
	if len(texts) == 0 || len(texts) == 1 && texts[0] == "" {
		return "nothing"
	}
	return strconv.Quote(strings.Join(texts, ";"))
}

// String describes the selected requests, for example: call of CreateSipRegistration with
// proxy "sip.example.com".
func (f Filter) String() string { return f.inWords(1) }

// inWords is String with the plural that n requires.
func (f Filter) inWords(n int) string {
	noun := plural(n, "request", "requests")
	if f.Kind == CallbackRequest || f.Kind == "" && f.CallbackType != "" {
		noun = plural(n, "callback", "callbacks")
	}
	if name := f.Method + string(f.CallbackType); name != "" {
		noun += " of " + name
	}
	var demands []string
	for _, c := range f.criteria() {
		if c.name != "kind" && c.name != "method" && c.name != "callback_type" {
			demands = append(demands, c.name+" "+c.want)
		}
	}
	if len(demands) == 0 {
		return noun
	}
	return noun + " with " + strings.Join(demands, ", ")
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
