package emulator

import (
	"errors"
	"io"
	"net"
	"net/http"
	"time"
)

// The limits that keep slow or broken clients from piling up.
const (
	headerTimeout = 10 * time.Second // for a whole header, and for the first one
	headerLimit   = 1 << 20          // bytes; a GET carries as much there as a POST in its body
	bodyTimeout   = 30 * time.Second // for a whole body
	writeTimeout  = 30 * time.Second // for a client to take what is written to it at once
	idleTimeout   = 2 * time.Minute  // between the calls of a connection
)

// limitBodies gives a client [bodyTimeout] to send a body. The server's own
// ReadTimeout would also end calls that take long after their body was read:
// those that a fault delays, and those that wait at the control door.
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

// limitedBody lifts the limit once the body was read.
type limitedBody struct {
	io.ReadCloser
	connection *http.ResponseController
}

func (b limitedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err == io.EOF {
		_ = b.connection.SetReadDeadline(time.Time{}) // it could be set, so it can be lifted
	}
	return n, err
}

// impatient is a listener whose connections do not wait for ever for a client
// that takes nothing. The server's own WriteTimeout would limit whole calls.
type impatient struct{ net.Listener }

// Accept waits for the next connection.
func (l impatient) Accept() (net.Conn, error) {
	connection, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return impatientConn{connection}, nil
}

type impatientConn struct{ net.Conn }

// NetConn is the connection itself, as for a [tls.Conn].
func (c impatientConn) NetConn() net.Conn { return c.Conn }

// CloseWrite lets the server end its side and read on for a moment: a client that
// is still sending what is refused gets the answer instead of a reset.
func (c impatientConn) CloseWrite() error {
	half, ok := c.Conn.(interface{ CloseWrite() error })
	if !ok {
		return errors.ErrUnsupported
	}
	return half.CloseWrite()
}

// Write gives the client [writeTimeout] to take p.
func (c impatientConn) Write(p []byte) (int, error) {
	if err := c.Conn.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}
