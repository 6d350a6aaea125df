package inject

import (
	"net"
	"net/http"

	"github.com/voxemu/voxemu/emulator/fault"
)

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
