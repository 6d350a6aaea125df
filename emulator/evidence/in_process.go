package evidence

import (
	"bytes"
	"io"
	"net/http"
)

// inProcess sends requests to a handler, which sees them come from address (HOST:PORT).
// net/http/httptest can do that too, but it brings a test server and its certificates into
// each program that imports this package.
type inProcess struct {
	handler http.Handler
	address string
}

// RoundTrip implements [http.RoundTripper].
func (t inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	served := r.Clone(r.Context())
	served.RemoteAddr, served.RequestURI = t.address, r.URL.RequestURI()
	if served.Body == nil {
		served.Body = http.NoBody
	}
	a := &answer{header: http.Header{}}
	t.handler.ServeHTTP(a, served)
	a.WriteHeader(http.StatusOK)
	return &http.Response{
		StatusCode: a.status, Header: a.sent, Request: r,
		Body: io.NopCloser(&a.body), ContentLength: int64(a.body.Len()),
	}, nil
}

// answer records what a handler writes.
type answer struct {
	header, sent http.Header // sent: as it was when the status was written
	status       int
	body         bytes.Buffer
}

// Header implements [http.ResponseWriter].
func (a *answer) Header() http.Header { return a.header }

// WriteHeader implements [http.ResponseWriter].
func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status, a.sent = status, a.header.Clone()
	}
}

// Write implements [http.ResponseWriter].
func (a *answer) Write(text []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(text)
}
