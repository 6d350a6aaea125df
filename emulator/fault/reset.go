package fault

// Reset ends the connection with a TCP reset, as a crashed server or a firewall does.
// Over HTTP/2 it resets only the stream of the request, because other requests share the
// connection.
type Reset struct {
	// AfterSending is the part of the reply that is sent; default: nothing.
	AfterSending Point `yaml:"after_sending,omitempty" json:"after_sending,omitempty"`
}

func (r Reset) check(c *checker) { r.AfterSending.check(c) }
