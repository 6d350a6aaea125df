package fault

import "github.com/voxemu/voxemu/emulator/vox"

// RateLimit refuses calls that come too fast, per account and key, on the
// emulator's clock. Calls within the limit are left to the rules behind it and
// do not count as hits.
type RateLimit struct {
	// Calls is how many are allowed in Per.
	Calls Count `yaml:"calls" json:"calls" jsonschema:"required"`
	// Per is the time in which Calls are allowed; default 1s.
	Per Duration `yaml:"per,omitempty" json:"per,omitempty"`
	// Burst is how many may come at once after a pause; default: Calls.
	Burst Count `yaml:"burst,omitempty" json:"burst,omitempty"`
	// Status is the HTTP status of a refusal, for example 429; it comes with
	// Retry-After, in whole seconds. Default: the API's error 340,
	// RATE_LIMIT_EXCEED.
	Status int `yaml:"status,omitempty" json:"status,omitempty"`
}

func (r RateLimit) check(c *checker) {
	if r.Calls < 1 {
		c.refuse("calls", "want an integer of at least 1")
	}
	if r.Per < 0 {
		c.refuse("per", "%v", errDuration)
	}
	if r.Burst < 0 {
		c.refuse("burst", "%v", errCount)
	}
	if r.Status != 0 && (r.Status < 400 || r.Status > 599) {
		c.refuse("status", "want an HTTP status from 400 to 599")
	}
	if _, ok := c.Errors[string(vox.ErrRateLimitExceeded)]; !ok && c.Errors != nil && r.Status == 0 {
		c.refuse("status", "the API has no error %s; want an HTTP status", vox.ErrRateLimitExceeded)
	}
}
