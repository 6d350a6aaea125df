package fault

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// APIError answers an error of the API in its dialect: with HTTP 200 and the
// error's code and sentence. It is the error's name or code, with the parameter
// that it is about behind it if wanted: INSUFFICIENT_MONEY, "127", "INVALID on
// proxy". It may be one that the method never gives on its own.
type APIError string

// UnmarshalText reads any text.
func (e *APIError) UnmarshalText(text []byte) error {
	*e = APIError(text)
	return nil
}

// UnmarshalJSON reads a text or, for a code, a number.
func (e *APIError) UnmarshalJSON(text []byte) error {
	var code int
	if json.Unmarshal(text, &code) == nil {
		return e.UnmarshalText(text)
	}
	return json.Unmarshal(text, (*string)(e))
}

func (e APIError) act(x *Exchange) error {
	name, field := e.split()
	return x.invented(x.APIError(name, field))
}

func (e APIError) split() (name, field string) {
	name, field, _ = strings.Cut(string(e), " on ")
	return name, field
}

// byName replaces a code by the error's name.
func (e APIError) byName(known Known) APIError {
	given, field := e.split()
	code, err := strconv.Atoi(given)
	if err != nil {
		return e
	}
	for name, c := range known.Errors {
		if c == code && field == "" {
			return APIError(name)
		}
		if c == code {
			return APIError(name + " on " + field)
		}
	}
	return e
}

func (e APIError) check(c *checker) {
	name, field := e.byName(c.Known).split()
	if _, ok := c.Errors[name]; !ok && c.Errors != nil {
		c.refuse("", "the API has no error %q; want a name or a code of openapi.yaml's x-errors, such as INSUFFICIENT_MONEY or 127", name)
	}
	if field == "" || c.Parameters == nil {
		return
	}
	for _, parameters := range c.Parameters {
		if slices.Contains(parameters, field) {
			return
		}
	}
	c.refuse("", "no method has the parameter %q", field)
}
