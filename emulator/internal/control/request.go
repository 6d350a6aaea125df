package control

import (
	"encoding"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/mux"
)

// maxBody is the maximum size of a body, in bytes, the same as that of a scenario file.
const maxBody = 16 << 20

// read sets the fields of a handler's input. Fields tagged path, query and header receive
// one parameter each. The field Body receives the body: unchanged if its type is []byte,
// else strictly decoded. Parameters and members without a field are refused. The error is
// a [*Problem] with all mistakes.
func read(w http.ResponseWriter, r *http.Request, input any) error {
	v := reflect.ValueOf(input).Elem()
	text, err := readBody(w, r)
	tooLarge := (*http.MaxBytesError)(nil)
	switch {
	case errors.As(err, &tooLarge):
		return &Problem{Status: http.StatusRequestEntityTooLarge, Message: fmt.Sprintf("the body has more than %d bytes", maxBody)}
	case err != nil:
		return &Problem{Status: http.StatusBadRequest, Message: "the body breaks off: " + err.Error()}
	}
	var found problems
	found.parameters(r, v)
	if err := body(text, v); err != nil {
		found.add(flat(problemOf(err))...)
	}
	return found.err()
}

// readBody reads the body, or nothing if its Content-Length is too large.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if r.ContentLength > maxBody {
		return nil, &http.MaxBytesError{Limit: maxBody}
	}
	return io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
}

// body sets the field Body. If there is none, only an empty object is allowed.
func body(text []byte, v reflect.Value) error {
	field := v.FieldByName("Body")
	if !field.IsValid() {
		return Body(text).Decode(&struct{}{})
	}
	if raw, ok := field.Addr().Interface().(*[]byte); ok {
		*raw = text
		return nil
	}
	return Body(text).Decode(field.Addr().Interface())
}

// flat returns a problem and those in More as one list.
func flat(p *Problem) []*Problem {
	first := *p
	first.More = nil
	return append([]*Problem{&first}, p.More...)
}

// parameters reads the parameters of path, query and header.
func (p *problems) parameters(r *http.Request, v reflect.Value) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		p.add(&Problem{Status: http.StatusBadRequest, Message: "the query cannot be read: " + err.Error()})
		return
	}
	var known []string
	for _, field := range reflect.VisibleFields(v.Type()) {
		into := v.FieldByIndex(field.Index)
		if name := field.Tag.Get("path"); name != "" {
			p.parameter(name, []string{mux.Vars(r)[name]}, into)
		}
		if name := field.Tag.Get("header"); name != "" {
			into.SetString(strings.Join(r.Header.Values(name), ", "))
		}
		if name := queryName(field); name != "" {
			known = append(known, name)
			if query.Has(name) {
				p.parameter(name, query[name], into)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if !slices.Contains(known, name) {
			p.add(&Problem{
				Status: http.StatusBadRequest, Parameter: name, Allowed: known,
				Message: fmt.Sprintf("no such parameter: %s; known here: %s", name, inWords(known)),
			})
		}
	}
}

// queryName returns the parameter for a field; empty: none. The members of the journal's
// filter have their names in JSON; its map of parameters has none.
func queryName(field reflect.StructField) string {
	if name := field.Tag.Get("query"); name != "" || len(field.Index) == 1 || field.Type.Kind() == reflect.Map {
		return name
	}
	name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	return name
}

// parameter reads one parameter; only lists can be repeated.
func (p *problems) parameter(name string, texts []string, into reflect.Value) {
	if list, ok := into.Addr().Interface().(*[]string); ok {
		*list = texts
		return
	}
	message := ""
	switch {
	case len(texts) > 1:
		message = "given several times"
	default:
		if err := parse(texts[0], into); err != nil {
			message = err.Error()
		} else if isID(name) && into.CanInt() && into.Int() < 1 { // 0 would select everything
			message = wantID
		}
	}
	if message != "" {
		if !strings.HasPrefix(message, name+" ") { // some types begin their errors with the name
			message = name + ": " + message
		}
		p.add(&Problem{Status: http.StatusBadRequest, Parameter: name, Message: message})
	}
}

const wantID = "want an id, a whole number from 1"

// isID reports whether a parameter is the id of a row.
func isID(name string) bool { return name == "id" || strings.HasSuffix(name, "_id") }

func parse(text string, into reflect.Value) error {
	if into.Kind() == reflect.Pointer {
		into.Set(reflect.New(into.Type().Elem()))
		return parse(text, into.Elem())
	}
	var err error
	switch value := into.Addr().Interface().(type) {
	case *time.Time:
		if err = value.UnmarshalText([]byte(text)); err != nil {
			return errors.New("want a moment such as 2026-03-01T00:00:00Z")
		}
	case *time.Duration:
		if *value, err = time.ParseDuration(text); err != nil || *value < 0 {
			return errors.New("want a length of time such as 5s or 500ms")
		}
	case encoding.TextUnmarshaler:
		return value.UnmarshalText([]byte(text))
	case *string:
		*value = text
	case *bool:
		if *value = text == "true"; !*value && text != "false" {
			return errors.New("want true or false")
		}
	case *int:
		if *value, err = strconv.Atoi(text); err != nil {
			return errors.New("want a whole number")
		}
	case *int64:
		if *value, err = strconv.ParseInt(text, 10, 64); err != nil {
			return errors.New("want a whole number")
		}
	default:
		panic(fmt.Sprintf("control: no parameter can be a %s", into.Type())) // cannot happen: a test calls all routes
	}
	return nil
}
