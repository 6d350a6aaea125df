package fault

import (
	"net"
	"net/http"
)

// Reset ends the connection with a TCP reset, as a crashed peer or an impatient
// firewall does. Over HTTP/2 only the call's stream is reset, because others
// share the connection.
type Reset struct {
	// AfterSending is how far the reply gets; default: nothing.
	AfterSending Point `yaml:"after_sending,omitempty" json:"after_sending,omitempty"`
}

func (r Reset) act(x *Exchange) error {
	ok := x.onWire(func(conn net.Conn) {
		if sent := r.AfterSending.sent(x); len(sent) > 0 {
			_, _ = conn.Write(sent)
		}
		reset(conn)
	})
	switch {
	case ok:
		return nil
	case r.AfterSending == Body:
		return x.half(x.real(), -1)
	}
	return http.ErrAbortHandler
}

func (r Reset) check(c *checker) { r.AfterSending.check(c) }

// reset throws away what is not sent yet and closes with RST instead of FIN.
// Closing the TLS layer would send a polite alert first.
func reset(conn net.Conn) {
	for layered, ok := conn.(interface{ NetConn() net.Conn }); ok; layered, ok = conn.(interface{ NetConn() net.Conn }) {
		conn = layered.NetConn()
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
