package fault

import "github.com/voxemu/voxemu/emulator/vox"

// RateLimit refuses requests above a rate, per account and key, on the emulator's clock.
// Requests within the rate are not counted as hits, and later rules can apply to them.
type RateLimit struct {
	// Calls is the number of requests allowed in Per.
	Calls Count `yaml:"calls" json:"calls" jsonschema:"required"`
	// Per is the period of Calls; default 1s.
	Per Duration `yaml:"per,omitempty" json:"per,omitempty"`
	// Burst is the number of requests allowed at once after a pause; default: Calls.
	Burst Count `yaml:"burst,omitempty" json:"burst,omitempty"`
	// Status is the HTTP status of refused requests, for example 429, sent with
	// Retry-After in whole seconds. Default: the API's error 340, RATE_LIMIT_EXCEED.
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
