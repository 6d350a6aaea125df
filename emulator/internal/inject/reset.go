package inject

import (
	"net"
	"net/http"

	"github.com/voxemu/voxemu/emulator/fault"
)

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
