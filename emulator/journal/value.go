package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Value is a condition on a parameter. The zero value is [Equal] with an empty text. In
// JSON an exact value is a string, a number or a boolean; the others are {"pattern":
// "^a"}, {"given": true} and {"given": false}.
type Value struct {
	demand  demand
	text    string
	pattern *regexp.Regexp
}

type demand int

const (
	exact demand = iota
	like
	given
	absent
)

// Equal requires this value. For a repeated parameter, one of its values or the list of
// its values joined by semicolons must be equal. Secrets are never equal to anything; use
// [Given].
func Equal(text string) Value { return Value{demand: exact, text: text} }

// Like requires a value in which the pattern matches a part; use ^ and $ to match the
// whole value.
func Like(pattern *regexp.Regexp) Value { return Value{demand: like, pattern: pattern} }

// Given requires that the parameter is given, with any value.
func Given() Value { return Value{demand: given} }

// Absent requires that the parameter is not given.
func Absent() Value { return Value{demand: absent} }

// ReadsValue reports whether the condition is on the value, which the journal does not
// keep of secrets.
func (v Value) ReadsValue() bool { return v.demand == exact || v.demand == like }

// String describes the condition.
func (v Value) String() string {
	switch v.demand {
	case like:
		return "a match of " + v.pattern.String()
	case given:
		return "any value"
	case absent:
		return "nothing"
	}
	return fmt.Sprintf("%q", v.text)
}

func (v Value) fits(texts []string) bool {
	switch v.demand {
	case given:
		return len(texts) > 0
	case absent:
		return len(texts) == 0
	case like:
		return slices.ContainsFunc(texts, v.pattern.MatchString)
	}
	return slices.Contains(texts, v.text) || len(texts) > 1 && strings.Join(texts, ";") == v.text
}

// MarshalJSON writes the forms that UnmarshalJSON reads.
func (v Value) MarshalJSON() ([]byte, error) {
	switch v.demand {
	case like:
		return json.Marshal(map[string]string{"pattern": v.pattern.String()})
	case given, absent:
		return json.Marshal(map[string]bool{"given": v.demand == given})
	}
	return json.Marshal(v.text)
}

// UnmarshalJSON reads the forms that [Value] lists. It returns an error for other forms
// and for patterns that are not regular expressions of Go.
func (v *Value) UnmarshalJSON(data []byte) error {
	switch {
	case data[0] == '{':
		return v.readObject(data)
	case data[0] == '"':
		*v = Value{}
		return json.Unmarshal(data, &v.text)
	case data[0] == '[' || string(data) == "null":
		return errValue
	}
	*v = Equal(string(data)) // a number or boolean, compared with its text in a form
	return nil
}

var errValue = errors.New(`want a text, a number, true or false, {"pattern": "…"}, {"given": true} or {"given": false}`)

func (v *Value) readObject(data []byte) error {
	var object struct {
		Pattern *string `json:"pattern"`
		Given   *bool   `json:"given"`
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&object); err != nil || (object.Pattern == nil) == (object.Given == nil) {
		return errValue
	}
	if object.Pattern == nil {
		*v = Given()
		if !*object.Given {
			*v = Absent()
		}
		return nil
	}
	pattern, err := regexp.Compile(*object.Pattern)
	if err != nil {
		return fmt.Errorf("pattern: %w", err)
	}
	*v = Like(pattern)
	return nil
}
