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

// maxBody is the maximum size of a body, in bytes (A23).
const maxBody = 1 << 20

// call is a request in progress.
type call struct {
	method        string // *** if it cannot be a name
	style         journal.Style
	encoding      vox.Encoding
	parameters    url.Values
	authorization string
	host          string // of the emulator, as the client wrote it
	address       string // of the client, without port
	warnings      []string
	body          counted
	unread        error                      // why the request could not be read
	notHonoured   []journal.ParameterMistake // headers that were ignored

	recording *requestlog.Recording // of the journal
	endpoint  endpoint              // set by find
	invalid   error                 // why parameters are refused
	parsed    contract.Parsed       // parsed parameters
	arguments any                   // parameters in the type of the method
	caller    vox.Principal         // set by admit
	result    any                   // set by handle

	resultJSON []byte // set by encode
}

// Limits for parts of a request that are repeated in replies and logs, in bytes.
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

// counted counts the bytes read of a body.
type counted struct {
	io.ReadCloser
	bytes  int64
	length int64 // as declared; -1: unknown
}

func (b *counted) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.bytes += int64(n)
	return n, err
}

// read merges query and body into one flat map, the body after the query (A9), and finds
// the method's name: the last segment of the path, or the parameter cmd. bare reports
// whether the path is only the name.
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
	c.body.ReadCloser, c.body.length = r.Body, r.ContentLength
	r.Body = http.MaxBytesReader(w, &c.body, maxBody)
	return tooLarge(c.readBody(r))
}

// name sets the method. If path and cmd differ, the path is used and a warning is added.
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

// parseForm reads pairs separated by &. A raw semicolon separates items of a list and is
// kept; net/url alone would drop the pair (docs/evidence.md#lists). net/url itself
// refuses more than 10000 pairs.
func parseForm(raw string) (url.Values, error) {
	values, err := url.ParseQuery(strings.ReplaceAll(raw, ";", "%3B"))
	if err != nil {
		return nil, unreadable("percent-encoded pairs, at most 10000 of them")
	}
	return values, nil
}

// unreadable returns the error for a request whose parameters cannot be read.
func unreadable(want string) error {
	return vox.Refusal{Name: vox.ErrInvalidArguments, Detail: want}
}

// tooLarge returns an error with the limit if the body exceeds it.
func tooLarge(err error) error {
	var cut *http.MaxBytesError
	if errors.As(err, &cut) {
		return unreadable(fmt.Sprintf("a body of at most %d bytes", cut.Limit))
	}
	return err
}
