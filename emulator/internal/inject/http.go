package inject

import (
	"net/http"

	"github.com/voxemu/voxemu/emulator/fault"
)

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
