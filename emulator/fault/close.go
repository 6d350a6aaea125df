package fault

// Close ends the connection in good order but too early, as a restarting proxy
// does. Over HTTP/2 the call's stream is reset instead, and a
// part of the header is not sent.
type Close struct {
	// AfterSending is how far the reply gets; default: nothing. With body, the
	// reply does not say its length.
	AfterSending Point `yaml:"after_sending,omitempty" json:"after_sending,omitempty"`
}

func (c Close) check(k *checker) { c.AfterSending.check(k) }
