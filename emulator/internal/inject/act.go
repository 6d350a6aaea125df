package inject

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/voxemu/voxemu/emulator/fault"
)

// act replies as the kind of fault requires. It returns [net/http.ErrAbortHandler] if the
// connection, or over HTTP/2 the stream, must be dropped.
func act(kind fault.Kind, x *Exchange) error {
	switch kind := kind.(type) {
	case fault.APIError:
		return sendAPIError(kind, x)
	case fault.HTTP:
		return sendHTTP(kind, x)
	case fault.RateLimit:
		return refuseRate(kind, x)
	case fault.Delay:
		return delayReply(kind, x)
	case fault.SlowBody:
		return sendSlowly(kind, x)
	case fault.Hang:
		return hang(x)
	case fault.Reset:
		return resetConnection(kind, x)
	case fault.Close:
		return closeConnection(kind, x)
	case fault.EmptyBody:
		return sendEmptyBody(x)
	case fault.TruncatedJSON:
		return sendTruncatedJSON(x)
	case fault.MalformedJSON:
		return sendMalformedJSON(x)
	case fault.ContentType:
		return sendAs(kind, x)
	case fault.DuplicateReply:
		return sendTwice(x)
	}
	panic(fmt.Sprintf("fault.%T has no action", kind)) // TestEveryKindHasAnAction
}

func sendAPIError(e fault.APIError, x *Exchange) error {
	return x.canned(x.APIError(x.claim.armed.known.Resolve(e)))
}

func sendHTTP(h fault.HTTP, x *Exchange) error {
	reply := Reply{Status: h.Status, Header: http.Header{}, Body: []byte(h.Body)}
	if reply.hasBody() {
		reply.Header.Set("Content-Type", "text/plain; charset=utf-8")
	}
	for name, value := range h.Headers {
		reply.Header.Set(name, value)
	}
	return x.canned(reply)
}

// maxDelay limits a lognormal delay, which is otherwise unlimited.
const maxDelay = fault.Duration(time.Hour)

func delayReply(d fault.Delay, x *Exchange) error {
	if err := x.pause(draw(d, x.claim.random)); err != nil {
		return err
	}
	x.send(x.real())
	return nil
}

func draw(d fault.Delay, random *rand.Rand) time.Duration {
	switch {
	case d.Median > 0:
		limit := maxDelay
		if d.Max > 0 {
			limit = d.Max
		}
		drawn := float64(d.Median) * math.Exp(d.Sigma*random.NormFloat64())
		return time.Duration(min(drawn, float64(limit)))
	case d.Max > 0:
		return time.Duration(d.Min) + time.Duration(random.Float64()*float64(d.Max-d.Min))
	}
	return time.Duration(d.Fixed)
}

func sendSlowly(s fault.SlowBody, x *Exchange) error {
	reply := x.real()
	x.Sending(reply)
	reply.begin(x.Writer, len(reply.Body))
	chunks := 10
	if s.Chunks > 0 {
		chunks = int(s.Chunks)
	}
	chunks = max(1, min(chunks, len(reply.Body)))
	for i := range chunks {
		if i > 0 {
			if err := x.pause(time.Duration(s.Over) / time.Duration(max(1, chunks-1))); err != nil {
				return err
			}
		}
		_, _ = x.Writer.Write(reply.Body[len(reply.Body)*i/chunks : len(reply.Body)*(i+1)/chunks])
		_ = http.NewResponseController(x.Writer).Flush() // fails if the client is gone
	}
	return nil
}

// maxRest is the maximum number of bytes of an unread body that are discarded.
const maxRest = 1 << 20

func hang(x *Exchange) error {
	// Over HTTP/1, net/http detects a disconnected client only after the whole request is
	// read.
	rest := http.MaxBytesReader(x.Writer, x.Request.Body, maxRest)
	if _, err := io.Copy(io.Discard, rest); err != nil {
		return http.ErrAbortHandler
	}
	<-x.Request.Context().Done()
	return http.ErrAbortHandler
}

func resetConnection(r fault.Reset, x *Exchange) error {
	ok := x.onWire(func(conn net.Conn) {
		if sent := x.upTo(r.AfterSending); len(sent) > 0 {
			_, _ = conn.Write(sent)
		}
		reset(conn)
	})
	switch {
	case ok:
		return nil
	case r.AfterSending == fault.Body:
		return x.half(x.real(), -1)
	}
	return http.ErrAbortHandler
}

// reset discards unsent data and closes with RST instead of FIN. Closing the TLS layer
// would send a close_notify alert first.
func reset(conn net.Conn) {
	for layered, ok := conn.(interface{ NetConn() net.Conn }); ok; layered, ok = conn.(interface{ NetConn() net.Conn }) {
		conn = layered.NetConn()
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

func closeConnection(c fault.Close, x *Exchange) error {
	switch c.AfterSending {
	case fault.Body:
		return x.half(x.real(), -1)
	case fault.Headers:
		if x.onWire(func(conn net.Conn) { _, _ = conn.Write(x.upTo(fault.Headers)) }) {
			return nil
		}
	}
	return http.ErrAbortHandler
}

func sendEmptyBody(x *Exchange) error {
	return x.canned(Reply{Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json; charset=utf-8"}}})
}

func sendTruncatedJSON(x *Exchange) error {
	reply := x.real()
	return x.half(reply, len(reply.Body))
}

func sendMalformedJSON(x *Exchange) error {
	reply := x.real()
	reply.Body = slices.Clone(reply.Body)
	if last := len(reply.Body) - 1; last >= 0 {
		reply.Body[last] = ']' // every reply of the API is an object
	}
	x.send(reply)
	return nil
}

func sendAs(t fault.ContentType, x *Exchange) error {
	x.send(x.real().with("Content-Type", string(t)))
	return nil
}

func sendTwice(x *Exchange) error {
	reply := x.real()
	text, _ := reply.wire()
	twice := append(text[:len(text):len(text)], text...)
	ok := x.onWire(func(conn net.Conn) {
		x.Sending(reply)
		_, _ = conn.Write(twice)
	})
	if !ok {
		x.send(reply)
	}
	return nil
}
