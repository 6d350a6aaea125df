package inject

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
)

// Reply is a complete reply that is not sent yet.
type Reply struct {
	// Status is the HTTP status.
	Status int
	// Header contains all headers except Content-Length.
	Header http.Header
	// Body is the whole body.
	Body []byte
}

// Send sends the reply. An error means that the client is gone.
func (r Reply) Send(w http.ResponseWriter) error {
	r.begin(w, len(r.Body))
	if !r.hasBody() {
		return nil
	}
	_, err := w.Write(r.Body)
	return err
}

// begin sends the header; with a negative length it has no Content-Length.
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

// hasBody reports whether HTTP allows a body with the status.
func (r Reply) hasBody() bool {
	return r.Status != http.StatusNoContent && r.Status != http.StatusNotModified
}

// wire returns the reply as HTTP/1.1 bytes; head is the length of the header.
func (r Reply) wire() (text []byte, head int) {
	var b bytes.Buffer
	response := http.Response{
		StatusCode: r.Status, ProtoMajor: 1, ProtoMinor: 1, Header: r.Header,
		ContentLength: int64(len(r.Body)), Body: io.NopCloser(bytes.NewReader(r.Body)),
	}
	_ = response.Write(&b) // writing to a buffer never fails
	return b.Bytes(), b.Len() - len(r.Body)
}

// with returns a copy of the reply with another header.
func (r Reply) with(name, value string) Reply {
	header := r.Header.Clone()
	if header == nil {
		header = http.Header{}
	}
	header.Set(name, value)
	r.Header = header
	return r
}
