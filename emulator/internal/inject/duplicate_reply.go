package inject

import "net"

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
