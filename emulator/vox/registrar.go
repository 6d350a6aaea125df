package vox

import "time"

// Registrar is how the imaginary PBX answers. The first rule that matches a
// registration decides; without one, magic host names do
// (docs/registrations.md), and every other host accepts.
type Registrar struct {
	// Delay is how long the registrar takes to answer, on the emulator's clock;
	// default 0: the answer is there before the next call.
	Delay time.Duration `yaml:"delay,omitempty"`
	// Expires is how long the registrar keeps a registration that is not
	// refreshed; default 1h (A29).
	Expires time.Duration `yaml:"expires,omitempty"`
	// Rules are tried in order.
	Rules []RegistrarRule `yaml:"rules,omitempty"`
}

// RegistrarRule is an answer for the registrations that match every pattern that
// is given; none: for all. In a pattern * stands for any characters, ? for one,
// [a-z] for one of a set, and a backslash takes the next character's meaning away. A
// pattern matches whole values.
type RegistrarRule struct {
	// Proxy is a pattern on the proxy, with or without its port; upper and lower
	// case are the same.
	Proxy string `yaml:"proxy,omitempty"`
	// SIPUsername is a pattern on the user name.
	SIPUsername string `yaml:"sip_username,omitempty"`
	// AuthUser is a pattern on the user who answers the digest challenge: the
	// user name, when the registration has no auth_user.
	AuthUser string `yaml:"auth_user,omitempty"`
	// Password is a pattern on the password.
	Password string `yaml:"password,omitempty" secret:"true"`

	// StatusCode is the only answer: 200, or a SIP status from 300 to 699;
	// default 200. Give either it or Answers.
	StatusCode int64 `yaml:"status_code,omitempty"`
	// Answers are one status after the other, for example 503, 503, 200; the last
	// one repeats.
	Answers []int64 `yaml:"answers,omitempty"`
	// Reason is the text beside a failing status; default: the standard one.
	Reason string `yaml:"reason,omitempty"`
	// Delay is how long an answer takes; default: that of the registrar.
	Delay time.Duration `yaml:"delay,omitempty"`
	// Expires is how long an accepted registration is kept; default: that of the
	// registrar.
	Expires time.Duration `yaml:"expires,omitempty"`
}
