package listen

import (
	"errors"
	"io"
	"net"
	"net/http"
	"time"
)

// Limits against slow or broken clients.
const (
	headerTimeout = 10 * time.Second // for a header, and for the first byte of a connection
	headerLimit   = 1 << 20          // bytes; a GET sends in the header what a POST sends in its body
	bodyTimeout   = 30 * time.Second // for a body
	writeTimeout  = 30 * time.Second // for a client to accept one write
	idleTimeout   = 2 * time.Minute  // between the requests of a connection
	streamLimit   = 100              // requests of an HTTP/2 connection at one time, the least that RFC 9113 recommends
)

// limitBodies gives a client [bodyTimeout] to send a body. The server's ReadTimeout would
// also end requests that take long after their body was read: those delayed by a fault,
// and those that wait in the control API.
func limitBodies(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body != http.NoBody {
			connection := http.NewResponseController(w)
			if connection.SetReadDeadline(time.Now().Add(bodyTimeout)) == nil {
				r.Body = limitedBody{r.Body, connection}
			}
		}
		next.ServeHTTP(w, r)
	})
}

// limitedBody removes the deadline after the body was read.
type limitedBody struct {
	io.ReadCloser
	connection *http.ResponseController
}

func (b limitedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err == io.EOF {
		_ = b.connection.SetReadDeadline(time.Time{}) // cannot fail, because setting it succeeded
	}
	return n, err
}

// deadlineListener sets a deadline for each write to its connections. The server's
// WriteTimeout would limit whole requests.
type deadlineListener struct{ net.Listener }

// Accept waits for the next connection.
func (l deadlineListener) Accept() (net.Conn, error) {
	connection, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return deadlineConn{connection}, nil
}

type deadlineConn struct{ net.Conn }

// NetConn returns the wrapped connection, like [tls.Conn.NetConn].
func (c deadlineConn) NetConn() net.Conn { return c.Conn }

// CloseWrite closes the server's direction of the connection. The client can then finish
// sending a refused body and read the reply, instead of receiving a reset.
func (c deadlineConn) CloseWrite() error {
	half, ok := c.Conn.(interface{ CloseWrite() error })
	if !ok {
		return errors.ErrUnsupported
	}
	return half.CloseWrite()
}

// Write writes p and fails if the client does not accept it within [writeTimeout].
func (c deadlineConn) Write(p []byte) (int, error) {
	if err := c.Conn.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

// limitWrites gives an HTTP/2 client [writeTimeout] to accept each write of a reply. The
// deadline of the connection does not help there: a client can accept nothing of one
// stream and go on with others.
func limitWrites(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor == 2 {
			w = limitedStream{w, http.NewResponseController(w)}
		}
		next.ServeHTTP(w, r)
	})
}

type limitedStream struct {
	http.ResponseWriter
	stream *http.ResponseController
}

// Unwrap returns the writer for [http.ResponseController].
func (s limitedStream) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// Write writes p. The deadline stays after it, for what is written when the handler ends.
func (s limitedStream) Write(p []byte) (int, error) {
	if err := s.stream.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return 0, err
	}
	return s.ResponseWriter.Write(p)
}

// FlushError writes what is buffered and removes the deadline: the next event of a stream
// can be hours away.
func (s limitedStream) FlushError() error {
	err := s.stream.SetWriteDeadline(time.Now().Add(writeTimeout))
	if err == nil {
		err = s.stream.Flush()
	}
	return errors.Join(err, s.stream.SetWriteDeadline(time.Time{}))
}
