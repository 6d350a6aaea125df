package inject

import (
	"context"
	"net"
	"net/http"
	"time"
)

// Exchange is a request to which a fault is applied, with the functions that kinds use.
// The request's context must end when the server stops.
type Exchange struct {
	// Writer receives the reply to the client.
	Writer http.ResponseWriter
	// Request is the client's request; its body has been read.
	Request *http.Request
	// Work processes the request and returns its reply without sending it. It is called
	// at most once.
	Work func() Reply
	// APIError returns the reply for an error of the API, by name; field is the parameter
	// that caused it, or empty.
	APIError func(name, field string) Reply
	// Sleep waits on the emulator's clock, or not at all if it is stopped; the error is
	// the context's.
	Sleep func(context.Context, time.Duration) error
	// Sending is called with the reply before any part of it is sent; status 0: the
	// connection ends without a reply.
	Sending func(Reply)

	claim *Claim
	done  *Reply // result of Work
}

// header names the rule, for people who wonder about a reply.
const header = "X-Voxemu-Fault"

// real returns the real reply and processes the request on the first call.
func (x *Exchange) real() Reply {
	if x.done == nil {
		done := x.Work().with(header, x.claim.Rule)
		x.done = &done
	}
	return *x.done
}

// canned sends a reply that does not depend on the request.
func (x *Exchange) canned(r Reply) error {
	x.send(r.with(header, x.claim.Rule))
	return nil
}

func (x *Exchange) send(r Reply) {
	x.Sending(r)
	_ = r.Send(x.Writer) // fails if the client is gone
}

// pause waits; the error is ErrAbortHandler if the client disconnects or the server
// stops.
func (x *Exchange) pause(d time.Duration) error {
	if x.Sleep(x.Request.Context(), d) != nil {
		return http.ErrAbortHandler
	}
	return nil
}

// half sends the header and half of the body, then drops the connection or stream. length
// is the Content-Length in the header; negative: none.
func (x *Exchange) half(r Reply, length int) error {
	x.Sending(r)
	r.begin(x.Writer, length)
	_, _ = x.Writer.Write(r.Body[:len(r.Body)/2])
	_ = http.NewResponseController(x.Writer).Flush() // fails if the client is gone
	return http.ErrAbortHandler
}

// onWire calls do with the TCP or TLS connection and closes it afterwards, or at once
// when the server stops. It returns false for HTTP/2, where requests share a connection.
func (x *Exchange) onWire(do func(net.Conn)) bool {
	conn, _, err := http.NewResponseController(x.Writer).Hijack()
	if err != nil {
		return false
	}
	stop := context.AfterFunc(x.Request.Context(), func() { _ = conn.Close() })
	defer stop()
	defer conn.Close()
	do(conn)
	return true
}
