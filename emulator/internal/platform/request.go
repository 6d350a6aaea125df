package platform

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/gorilla/mux"

	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/vox"
)

// maxBody is the largest body that is read, in bytes (A23).
const maxBody = 1 << 20

// call is one request, read.
type call struct {
	method        string
	style         string // path or cmd
	encoding      string // query, urlencoded, multipart or json
	parameters    url.Values
	authorization string
	warnings      []string

	caller vox.Principal    // once admitted
	spec   *contract.Method // once found
	fault  string           // the rule that took it; empty: none
	code   int              // of the last reply made; 0: a success, or no reply of the API
}

func (c *call) warn(format string, args ...any) {
	c.warnings = append(c.warnings, fmt.Sprintf(format, args...))
}

// read merges query and body into one flat map, the body after the query (A9),
// and finds the method's name: the path's last segment or the parameter cmd.
func read(w http.ResponseWriter, r *http.Request) (*call, error) {
	c := &call{encoding: "query", authorization: r.Header.Get("Authorization")}
	var err error
	if c.parameters, err = parseForm(r.URL.RawQuery); err != nil {
		return c, err
	}
	if r.Method == http.MethodPost {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		if err := c.readBody(r); err != nil {
			return c, tooLarge(err)
		}
	}
	c.name(mux.Vars(r)["method"])
	return c, nil
}

// name settles the method; with both a path and a different cmd, the path wins
// and the caller is told.
func (c *call) name(segment string) {
	command := c.parameters.Get("cmd")
	c.method, c.style = command, "cmd"
	if segment == "" {
		return
	}
	c.method, c.style = segment, "path"
	if command != "" && command != segment {
		c.warn("cmd=%s is ignored, the path names %s", command, segment)
	}
}

// parseForm reads pairs separated by &. A raw semicolon separates list items
// and is kept; net/url alone would drop the whole pair (facts.md §1.2).
func parseForm(raw string) (url.Values, error) {
	values, err := url.ParseQuery(strings.ReplaceAll(raw, ";", "%3B"))
	if err != nil {
		return nil, unreadable("percent-encoded pairs")
	}
	return values, nil
}

// unreadable refuses a request whose parameters cannot be told apart.
func unreadable(want string) error {
	return vox.Refusal{Name: vox.ErrInvalidArguments, Detail: want}
}

// tooLarge names the limit when the body was cut there.
func tooLarge(err error) error {
	var cut *http.MaxBytesError
	if errors.As(err, &cut) {
		return unreadable(fmt.Sprintf("a body of at most %d bytes", cut.Limit))
	}
	return err
}
