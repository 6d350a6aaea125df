// Package jsontext writes JSON like encoding/json, without reflection, for what is written
// with each request. Tests compare it with encoding/json.
package jsontext

import (
	"encoding/json"
	"strconv"
)

// Appender is a value that writes itself as encoding/json would.
type Appender interface {
	// AppendJSON appends the value's JSON.
	AppendJSON(text []byte) []byte
}

// AppendString appends a string.
func AppendString(text []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			quoted, err := json.Marshal(s)
			if err != nil { // cannot happen: strings always marshal
				panic(err)
			}
			return append(text, quoted...)
		}
	}
	return append(append(append(text, '"'), s...), '"')
}

// Object is a JSON object under construction: everything that was written so far, with
// its members at the end.
type Object []byte

// Begin begins an object after a text.
func Begin(text []byte) Object { return append(text, '{') }

// End completes the object.
func (o Object) End() []byte { return append(o, '}') }

// Name begins a member; its value must be appended next.
func (o Object) Name(name string) Object {
	if o[len(o)-1] != '{' {
		o = append(o, ',')
	}
	return append(AppendString(o, name), ':')
}

// Text adds a string.
func (o Object) Text(name, value string) Object { return AppendString(o.Name(name), value) }

// Int adds a number.
func (o Object) Int(name string, value int64) Object {
	return strconv.AppendInt(o.Name(name), value, 10)
}

// Bool adds a boolean.
func (o Object) Bool(name string, value bool) Object { return strconv.AppendBool(o.Name(name), value) }

// OptText adds a string unless it is empty.
func (o Object) OptText(name, value string) Object {
	if value == "" {
		return o
	}
	return o.Text(name, value)
}

// OptInt adds a number unless it is 0.
func (o Object) OptInt(name string, value int64) Object {
	if value == 0 {
		return o
	}
	return o.Int(name, value)
}
