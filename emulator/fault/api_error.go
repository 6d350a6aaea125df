package fault

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/voxemu/voxemu/emulator/vox"
)

// APIError replies with an error of the API: HTTP 200 with the error's code and text. Its
// value is the error's name or code, optionally followed by " on " and a parameter:
// INSUFFICIENT_MONEY, "127", "INVALID on proxy". Errors that the method itself never
// returns are allowed.
type APIError string

// UnmarshalText accepts any text; [Known.Check] validates it.
func (e *APIError) UnmarshalText(text []byte) error {
	*e = APIError(text)
	return nil
}

// UnmarshalJSON reads a string or, for a code, a number.
func (e *APIError) UnmarshalJSON(text []byte) error {
	var code int
	if json.Unmarshal(text, &code) == nil {
		return e.UnmarshalText(text)
	}
	return json.Unmarshal(text, (*string)(e))
}

// Resolve returns the name of an error that is given by name or code, and its parameter,
// "" if there is none.
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
		want := "want a name or a code of openapi.yaml's x-errors, such as INSUFFICIENT_MONEY or 127"
		if near, ok := vox.Nearest(name, slices.Collect(maps.Keys(c.Errors))); ok {
			want = "did you mean " + near + "?"
		}
		c.refuse("", "the API has no error %q; %s", name, want)
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
