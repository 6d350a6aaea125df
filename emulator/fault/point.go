package fault

import (
	"bytes"
	"net/http"
)

// Point is how far a reply gets before the connection ends.
type Point string

// The points. Nothing is the default.
const (
	Nothing Point = "nothing" // not a byte is sent
	Headers Point = "headers" // the status line and one line of the header
	Body    Point = "body"    // the header and half of the body; the work is done
)

func (p Point) check(c *checker) {
	switch p {
	case "", Nothing, Headers, Body:
		return
	}
	c.refuse("after_sending", "unknown point %q; want nothing, headers or body", string(p))
}

// sent is what an HTTP/1.1 client gets to see of the reply, about to be sent.
func (p Point) sent(x *Exchange) []byte {
	switch p {
	case Body:
		x.Sending(x.real())
		text, head := x.real().wire()
		return text[:head+(len(text)-head)/2]
	case Headers:
		reply := Reply{Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json; charset=utf-8"}}}
		if x.done != nil {
			reply = *x.done
		}
		x.Sending(Reply{Status: reply.Status, Header: reply.Header})
		text, _ := reply.wire()
		return firstLines(text, 2)
	}
	x.Sending(Reply{})
	return nil
}

// firstLines cuts between lines: half a line would be malformed instead of cut
// off, and some clients say so.
func firstLines(text []byte, count int) []byte {
	end := 0
	for range count {
		end += bytes.IndexByte(text[end:], '\n') + 1
	}
	return text[:end]
}
