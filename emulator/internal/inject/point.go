package inject

import (
	"bytes"
	"net/http"

	"github.com/voxemu/voxemu/emulator/fault"
)

// upTo returns the bytes of the reply that an HTTP/1.1 client receives if the connection
// ends at a point.
func (x *Exchange) upTo(p fault.Point) []byte {
	switch p {
	case fault.Body:
		x.Sending(x.real())
		text, head := x.real().wire()
		return text[:head+(len(text)-head)/2]
	case fault.Headers:
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

// firstLines cuts between lines, because some clients report half a line as malformed
// instead of incomplete.
func firstLines(text []byte, count int) []byte {
	end := 0
	for range count {
		end += bytes.IndexByte(text[end:], '\n') + 1
	}
	return text[:end]
}
