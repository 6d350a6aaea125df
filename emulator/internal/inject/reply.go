package inject

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
)

// Reply is a finished answer that is not written yet.
type Reply struct {
	// Status is the HTTP status.
	Status int
	// Header holds everything but the content's length.
	Header http.Header
	// Body is the whole body.
	Body []byte
}

// Send writes the reply. An error means that the caller is gone.
func (r Reply) Send(w http.ResponseWriter) error {
	r.begin(w, len(r.Body))
	if !r.hasBody() {
		return nil
	}
	_, err := w.Write(r.Body)
	return err
}

// begin writes the header; a negative length leaves the length open.
func (r Reply) begin(w http.ResponseWriter, length int) {
	header := w.Header()
	for name, values := range r.Header {
		header[name] = values
	}
	if length >= 0 && r.hasBody() {
		header.Set("Content-Length", strconv.Itoa(length))
	}
	w.WriteHeader(r.Status)
}

// hasBody reports whether HTTP allows the status a body.
func (r Reply) hasBody() bool {
	return r.Status != http.StatusNoContent && r.Status != http.StatusNotModified
}

// wire is the reply as HTTP/1.1 bytes; head ends where the body begins.
func (r Reply) wire() (text []byte, head int) {
	var b bytes.Buffer
	response := http.Response{
		StatusCode: r.Status, ProtoMajor: 1, ProtoMinor: 1, Header: r.Header,
		ContentLength: int64(len(r.Body)), Body: io.NopCloser(bytes.NewReader(r.Body)),
	}
	_ = response.Write(&b) // a buffer takes everything
	return b.Bytes(), b.Len() - len(r.Body)
}

// with is the reply with another header; the original stays as it was.
func (r Reply) with(name, value string) Reply {
	header := r.Header.Clone()
	if header == nil {
		header = http.Header{}
	}
	header.Set(name, value)
	r.Header = header
	return r
}
