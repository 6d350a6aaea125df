package evidence

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/internal/platform"
)

// bodyLimit is the maximum size of a body that is recorded, in bytes; larger ones pass.
const bodyLimit = 16 << 20

// recorder writes a recording. The file gets its name when it is complete; until then it
// has another one beside it.
type recorder struct {
	spec    *contract.Contract
	name    string
	only    []string
	account string

	mu      sync.Mutex
	mask    *masker
	file    *os.File
	written int
	leftOut int
	failed  error // of writing
}

// partial is the name of an incomplete recording.
func partial(name string) string { return name + ".partial" }

func newRecorder(spec *contract.Contract, c Config) (*recorder, error) {
	if _, err := os.Lstat(c.Out); !errors.Is(err, fs.ErrNotExist) {
		return nil, cmp.Or(err, fmt.Errorf("%s exists; a recording is a new file", c.Out))
	}
	file, err := os.OpenFile(partial(c.Out), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("%s exists: another recording runs or was interrupted; delete it if none runs", partial(c.Out))
	}
	if err != nil {
		return nil, err
	}
	r := &recorder{spec: spec, name: c.Out, only: c.Only, account: c.Account, mask: newMasker(spec), file: file}
	r.line(Head{Format: Format, Started: time.Now().UTC().Truncate(time.Second), Version: c.Version})
	return r, r.failed
}

// line writes a line; after an error no other one.
func (r *recorder) line(value any) {
	if r.failed != nil {
		return
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if r.failed = encoder.Encode(value); r.failed == nil {
		_, r.failed = r.file.Write(text.Bytes())
	}
}

// wanted reports whether the recording has requests like this one.
func (r *recorder) wanted(asked platform.Asked, claims platform.Claims) bool {
	if len(r.only) > 0 && !slices.Contains(r.only, asked.Method) {
		return false
	}
	if r.account == "" {
		return true
	}
	for _, parameter := range []string{"account_id", "account_name", "account_email"} {
		if asked.Parameters.Get(parameter) == r.account {
			return true
		}
	}
	return strconv.FormatInt(claims.Account, 10) == r.account
}

// keep writes an exchange.
func (r *recorder) keep(at time.Time, asked platform.Asked, verb string, status int, reply []byte) {
	claims := platform.Claims{}
	if asked.Token != "" {
		claims = platform.Unverified(asked.Token, at)
	}
	if !r.wanted(asked, claims) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.written++
	e := Exchange{
		Number: r.written, At: at.UTC(), Verb: verb, Method: r.methodName(asked.Method),
		Style: asked.Style, Encoding: asked.Encoding, Unreadable: asked.Unreadable, Status: status,
		Caller:     r.caller(asked, claims),
		Parameters: r.mask.parameters(asked.Method, asked.Parameters),
	}
	decoder := json.NewDecoder(bytes.NewReader(reply))
	decoder.UseNumber()
	var decoded any
	if err := decoder.Decode(&decoded); err == nil {
		e.Reply = r.mask.reply(asked.Method, decoded)
	}
	r.line(e)
}

// methodName returns a method that exists, in any capitals, or a placeholder.
func (r *recorder) methodName(name string) string {
	if _, ok := r.spec.Method(name); ok || r.spec.NotEmulated(name) || name == "" {
		return name
	}
	for _, m := range r.spec.Methods() {
		if strings.EqualFold(m.Name, name) {
			return name
		}
	}
	return r.mask.hidden(name)
}

func (r *recorder) caller(asked platform.Asked, claims platform.Claims) Caller {
	c := Caller{By: "none"}
	for _, parameter := range []string{"account_email", "account_name"} {
		if value := asked.Parameters.Get(parameter); value != "" {
			c.Account = r.mask.text(contract.DataName, value)
		}
	}
	if value := asked.Parameters.Get("account_id"); value != "" {
		c.Account = r.mask.text(contract.DataID, value)
	}
	if asked.Token != "" {
		r.mask.note(asked.Token, contract.DataSecret)
		c.By, c.Defect = "token", claims.Defect
		if claims.Key != "" {
			c.Key = r.mask.text(contract.DataName, claims.Key)
		}
		if claims.Account > 0 {
			c.Account = strconv.FormatInt(r.mask.id(claims.Account), 10)
		}
		return c
	}
	for _, parameter := range []string{"session_id", "api_key", "account_password"} {
		if value := asked.Parameters.Get(parameter); value != "" {
			c.By, c.Secret = parameter, r.mask.secret(value)
			return c
		}
	}
	return c
}

// complete audits the file, writes its end and gives it its name. After an error there is
// no file.
func (r *recorder) complete() (exchanges int, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	defer os.Remove(partial(r.name))
	r.line(End{true, r.written, r.leftOut, r.mask.idsInOrder(), r.mask.namesInOrder(), r.mask.parts()})
	if err = r.failed; err == nil {
		_, err = r.file.Seek(0, io.SeekStart)
	}
	if err == nil {
		err = r.mask.audit(r.file)
	}
	if err = errors.Join(err, r.file.Sync(), r.file.Close()); err != nil {
		return 0, err
	}
	if err := os.Link(partial(r.name), r.name); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return 0, fmt.Errorf("%s was made meanwhile; a recording is a new file", r.name)
		}
		return r.written, os.Rename(partial(r.name), r.name) // the file system has no hard links
	}
	return r.written, nil
}

// leave counts a request of the API that is not recorded.
func (r *recorder) leave() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.leftOut++
}

// watched is a body that passes and of which a copy is kept.
type watched struct {
	io.ReadCloser
	length int64            // of the whole body; -1: unknown
	ended  func(whole bool) // called once; nil: not called

	mu     sync.Mutex // a transport can still read a request after its reply
	copy   bytes.Buffer
	larger bool // than bodyLimit
}

// Read reads and copies. The end is reported before the reader has the last bytes, so that
// an exchange is recorded before its client can send the next one.
func (w *watched) Read(p []byte) (int, error) {
	n, err := w.ReadCloser.Read(p)
	w.mu.Lock()
	if w.copy.Len()+n > bodyLimit {
		w.larger = true
	} else {
		w.copy.Write(p[:n])
	}
	whole := err == io.EOF || w.length >= 0 && int64(w.copy.Len()) == w.length
	w.mu.Unlock()
	if whole {
		w.end(true)
	}
	return n, err
}

// Close ends the body, which may not have been read.
func (w *watched) Close() error {
	w.end(false)
	return w.ReadCloser.Close()
}

func (w *watched) end(whole bool) {
	if w.ended != nil {
		w.ended(whole)
		w.ended = nil
	}
}

// text returns the copy; false if the body was larger than is kept.
func (w *watched) text() ([]byte, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return bytes.Clone(w.copy.Bytes()), !w.larger
}

// asks reads a request of which the body was copied.
func (r *recorder) asks(sent *http.Request, body []byte) (platform.Asked, bool) {
	copied := &http.Request{
		Method: sent.Method, URL: &url.URL{Path: sent.URL.Path, RawQuery: sent.URL.RawQuery},
		Header: sent.Header, Body: io.NopCloser(bytes.NewReader(body)),
	}
	return platform.Ask(copied, func(name string) bool {
		_, ok := r.spec.Method(name)
		return ok || r.spec.NotEmulated(name)
	})
}
