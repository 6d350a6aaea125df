package testkit

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"syscall"
)

// HTTPClient returns a client whose requests reach the emulator in memory, whatever host
// they name. Programs with a built-in address need no change. Connections that a fault
// ends fail as on a real network, with [syscall.ECONNRESET] or, within a body,
// [io.ErrUnexpectedEOF]. Faults that need a connection (half a header, a duplicate reply)
// have the most similar effect; use [Emulator.URL] for them. The whole reply arrives at
// once.
func (e *Emulator) HTTPClient() *http.Client { return &http.Client{Transport: &e.calls} }

// calls passes requests to the handler in memory. It ends them when the test ends.
type calls struct {
	handler http.Handler
	ended   chan struct{}

	mu      sync.Mutex // guards closed, so that no request begins after close
	closed  bool
	running sync.WaitGroup
}

func (c *calls) init(handler http.Handler) {
	c.handler, c.ended = handler, make(chan struct{})
}

// close ends the running requests and waits for them.
func (c *calls) close() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	close(c.ended)
	c.running.Wait()
}

func (c *calls) begin() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed {
		c.running.Add(1)
	}
	return !c.closed
}

// RoundTrip implements [http.RoundTripper].
func (c *calls) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil || !c.begin() {
		closeBody(r)
		return nil, cmp.Or(err, context.Canceled)
	}
	ctx, cancel := context.WithCancel(r.Context())
	answered := make(chan *answer, 1)
	go func() {
		defer c.running.Done()
		defer cancel()
		defer closeBody(r)
		growStack(len(r.Method))
		answered <- c.serve(asServed(r, ctx))
	}()
	select {
	case a := <-answered:
		return a.response(r)
	case <-r.Context().Done():
		return nil, r.Context().Err()
	case <-c.ended:
		cancel()
		return nil, lost()
	}
}

// serve runs the handler. Panics are bugs and are not recovered, except those that drop
// the connection.
func (c *calls) serve(r *http.Request) (a *answer) {
	a = &answer{header: http.Header{}}
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			a.dropped = true
		default:
			panic(p)
		}
	}()
	c.handler.ServeHTTP(a, r)
	return a
}

// asServed returns the request as a server receives it.
func asServed(r *http.Request, ctx context.Context) *http.Request {
	served := r.Clone(ctx)
	served.RequestURI = r.URL.RequestURI()
	served.RemoteAddr = "127.0.0.1:1"
	served.Proto, served.ProtoMajor, served.ProtoMinor = "HTTP/1.1", 1, 1
	if served.Host == "" {
		served.Host = r.URL.Host
	}
	if served.Body == nil {
		served.Body = http.NoBody
	}
	if r.URL.Scheme == "https" {
		served.TLS = &tls.ConnectionState{HandshakeComplete: true}
	}
	return served
}

func closeBody(r *http.Request) {
	if r.Body != nil {
		_ = r.Body.Close() // required of a RoundTripper; errors are irrelevant
	}
}

// answer records what a handler writes.
type answer struct {
	header  http.Header
	sent    http.Header // copy of header when the status was written
	status  int
	body    bytes.Buffer
	dropped bool // the connection, before the reply was complete
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

// Flush implements [http.Flusher].
func (a *answer) Flush() { a.WriteHeader(http.StatusOK) }

// response returns the client's response.
func (a *answer) response(r *http.Request) (*http.Response, error) {
	if a.dropped && a.status == 0 {
		return nil, lost()
	}
	a.WriteHeader(http.StatusOK)
	length := int64(a.body.Len())
	if claimed, err := strconv.ParseInt(a.sent.Get("Content-Length"), 10, 64); err == nil {
		length = claimed
	} else if a.dropped {
		length = -1
	}
	var body io.Reader = &a.body
	if a.dropped || length > int64(a.body.Len()) {
		body = io.MultiReader(body, brokenBody{})
	}
	return &http.Response{
		Status: strconv.Itoa(a.status) + " " + http.StatusText(a.status), StatusCode: a.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: a.sent, Body: io.NopCloser(body), ContentLength: length,
	}, nil
}

// brokenBody is the end of an incomplete body.
type brokenBody struct{}

func (brokenBody) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// lost returns the error for a connection that ended without a reply.
func lost() error { return &net.OpError{Op: "read", Net: "memory", Err: syscall.ECONNRESET} }

// growStack makes the stack of a new goroutine as large as a request needs, in one step.
// Otherwise it grows four times while it is deep, a fifth of the time of a request.
//
//go:noinline
func growStack(unknown int) byte {
	var room [12 << 10]byte // the compiler keeps it, because it does not know what is read
	return room[unknown%len(room)]
}
