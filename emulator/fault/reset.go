package fault

// Reset ends the connection with a TCP reset, as a crashed peer or an impatient
// firewall does. Over HTTP/2 only the call's stream is reset, because others
// share the connection.
type Reset struct {
	// AfterSending is how far the reply gets; default: nothing.
	AfterSending Point `yaml:"after_sending,omitempty" json:"after_sending,omitempty"`
}

func (r Reset) check(c *checker) { r.AfterSending.check(c) }
