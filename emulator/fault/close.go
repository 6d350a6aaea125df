package fault

// Close closes the connection in an orderly way before the reply is complete, as a
// restarting proxy does. Over HTTP/2 it resets the stream of the request, and either the
// whole header or none of it is sent.
type Close struct {
	// AfterSending is the part of the reply that is sent; default: nothing. With "body",
	// the reply has no Content-Length.
	AfterSending Point `yaml:"after_sending,omitempty" json:"after_sending,omitempty"`
}

func (c Close) check(k *checker) { c.AfterSending.check(k) }
