package listen

import (
	"net"
	"net/http"
	"sync"
	"time"
)

// hurryTime is how long clients have, once the server stops, to send the rest of their
// requests.
const hurryTime = 250 * time.Millisecond

// connections are those that a server has accepted and that are open.
type connections struct {
	mu       sync.Mutex
	open     map[net.Conn]bool
	stopping bool
}

// note is the server's ConnState.
func (c *connections) note(connection net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch state {
	case http.StateNew:
		c.open[connection] = true
		if c.stopping {
			hurry(connection)
		}
	case http.StateClosed, http.StateHijacked:
		delete(c.open, connection)
	}
}

// hurry ends the requests that clients have not sent completely. Without it, a client that
// stops in the middle of a request keeps the server from stopping.
func (c *connections) hurry() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopping = true
	for connection := range c.open {
		hurry(connection)
	}
}

func hurry(connection net.Conn) {
	_ = connection.SetReadDeadline(time.Now().Add(hurryTime)) // fails if it is closed, which is as good
}
