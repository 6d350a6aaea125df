package fault

import (
	"net"
	"net/http"
)

// Close ends the connection in good order but too early, as a restarting proxy
// does. Over HTTP/2 the call's stream is reset instead, and a
// part of the header is not sent.
type Close struct {
	// AfterSending is how far the reply gets; default: nothing. With body, the
	// reply does not say its length.
	AfterSending Point `yaml:"after_sending,omitempty" json:"after_sending,omitempty"`
}

func (c Close) act(x *Exchange) error {
	switch c.AfterSending {
	case Body:
		return x.half(x.real(), -1)
	case Headers:
		if x.onWire(func(conn net.Conn) { _, _ = conn.Write(Headers.sent(x)) }) {
			return nil
		}
	}
	return http.ErrAbortHandler
}

func (c Close) check(k *checker) { c.AfterSending.check(k) }
