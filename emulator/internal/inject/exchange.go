package inject

import (
	"context"
	"net"
	"net/http"
	"time"
)

// Exchange is one call in the hands of a fault, with all that kinds may use.
// The request's context must end when the server stops.
type Exchange struct {
	// Writer is where the client's reply goes.
	Writer http.ResponseWriter
	// Request is the call as it came; its body has been read.
	Request *http.Request
	// Work does the call and gives its reply without writing it. It is called
	// at most once.
	Work func() Reply
	// APIError is the reply with an error of the API, by name, in the API's
	// dialect; field is the parameter that it is about, or empty.
	APIError func(name, field string) Reply
	// Sleep waits on the emulator's clock, not at all if that is stopped; its
	// error is the context's.
	Sleep func(context.Context, time.Duration) error
	// Sending learns, before the client can see anything of it, which reply is
	// sent, be it whole or in part; status 0: the connection ends without one.
	Sending func(Reply)

	claim *Claim
	done  *Reply // what Work gave
}

// header tells a person who looks at a strange reply where it comes from.
const header = "X-Voxemu-Fault"

// real is the call's own reply; the work is done when first asked for.
func (x *Exchange) real() Reply {
	if x.done == nil {
		done := x.Work().with(header, x.claim.Rule)
		x.done = &done
	}
	return *x.done
}

// invented is a reply that has nothing to do with the work.
func (x *Exchange) invented(r Reply) error {
	x.send(r.with(header, x.claim.Rule))
	return nil
}

// send writes a whole reply.
func (x *Exchange) send(r Reply) {
	x.Sending(r)
	_ = r.Send(x.Writer) // fails when the client is gone
}

// pause waits; the error is ErrAbortHandler when the client or the server is
// gone meanwhile.
func (x *Exchange) pause(d time.Duration) error {
	if x.Sleep(x.Request.Context(), d) != nil {
		return http.ErrAbortHandler
	}
	return nil
}

// half sends the header and half of the body, then has the connection or stream
// dropped. length is the content's length that the header claims; a negative
// one leaves it open.
func (x *Exchange) half(r Reply, length int) error {
	x.Sending(r)
	r.begin(x.Writer, length)
	_, _ = x.Writer.Write(r.Body[:len(r.Body)/2])
	_ = http.NewResponseController(x.Writer).Flush() // fails when the client is gone
	return http.ErrAbortHandler
}

// onWire runs do with the connection itself, which is closed afterwards, or at
// once when the server stops. false: there is none to be had, as with HTTP/2,
// where one connection carries many calls.
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
