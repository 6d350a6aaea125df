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

// Resolve gives the name of an error, whether it was given by name or by code, and
// the parameter that it is about, or "".
func (k Known) Resolve(e APIError) (name, parameter string) {
	given, parameter, _ := strings.Cut(string(e), " on ")
	if code, err := strconv.Atoi(given); err == nil {
		for name, c := range k.Errors {
			if c == code {
				return name, parameter
			}
		}
	}
	return given, parameter
}

func (e APIError) check(c *checker) {
	name, field := c.Resolve(e)
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
