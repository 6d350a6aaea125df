package platform

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/internal/requestlog"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
)

// maxBody is the largest body that is read, in bytes (A23).
const maxBody = 1 << 20

// call is one request, read.
type call struct {
	method        string // *** when it has not the shape of a name
	style         journal.Style
	encoding      vox.Encoding
	parameters    url.Values
	authorization string
	host          string // the emulator's address as the client wrote it
	address       string // the client's, without port
	warnings      []string
	body          counted
	unread        error // why it could not be read

	recording *requestlog.Recording // what the journal will know of it
	endpoint  endpoint              // once found
	invalid   error                 // what of the parameters is not valid
	parsed    contract.Parsed       // the parameters
	arguments any                   // the values as the method takes them
	caller    vox.Principal         // once identified
	result    any                   // once done
}

// The bounds of what a call can make the emulator say: a few lines, in bytes.
const (
	maxWarnings      = 10
	maxWarningLength = 300
)

func (c *call) warn(format string, args ...any) {
	switch len(c.warnings) {
	case maxWarnings:
	case maxWarnings - 1:
		c.warnings = append(c.warnings, "more warnings are left out")
	default:
		text := fmt.Sprintf(format, args...)
		c.warnings = append(c.warnings, strings.ToValidUTF8(text[:min(len(text), maxWarningLength)], ""))
	}
}

// counted counts what is read of a body.
type counted struct {
	io.ReadCloser
	bytes int64
}

func (b *counted) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.bytes += int64(n)
	return n, err
}

// read merges query and body into one flat map, the body after the query (A9),
// and finds the method's name: the path's last segment or the parameter cmd. bare
// tells that the path is the name alone.
func read(w http.ResponseWriter, r *http.Request, segment string, bare bool) *call {
	c := &call{encoding: vox.EncodingQuery, authorization: r.Header.Get("Authorization"), host: r.Host, address: peer(r.RemoteAddr)}
	c.unread = c.readAll(w, r)
	c.name(segment, bare)
	return c
}

func (c *call) readAll(w http.ResponseWriter, r *http.Request) (err error) {
	if c.parameters, err = parseForm(r.URL.RawQuery); err != nil || r.Method == http.MethodGet {
		return err
	}
	c.body.ReadCloser = r.Body
	r.Body = http.MaxBytesReader(w, &c.body, maxBody)
	return tooLarge(c.readBody(r))
}

// name settles the method; with both a path and a different cmd, the path wins
// and the caller is told.
func (c *call) name(segment string, bare bool) {
	command := requestlog.Name(c.parameters.Get("cmd"))
	segment = requestlog.Name(segment)
	c.method, c.style = command, journal.StyleCmd
	if segment == "" {
		return
	}
	c.method, c.style = segment, journal.StylePath
	if bare {
		c.style = journal.StyleBare
	}
	if command != "" && command != segment {
		c.warn("cmd=%s is ignored, the path names %s", command, segment)
	}
}

// parseForm reads pairs separated by &. A raw semicolon separates list items and
// is kept; net/url alone would drop the whole pair (docs/evidence.md#lists). More
// than 10000 pairs net/url refuses by itself.
func parseForm(raw string) (url.Values, error) {
	values, err := url.ParseQuery(strings.ReplaceAll(raw, ";", "%3B"))
	if err != nil {
		return nil, unreadable("percent-encoded pairs, at most 10000 of them")
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
