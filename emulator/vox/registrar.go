package vox

import "time"

// Registrar configures the registrars: which are real, and what the simulated ones
// answer. The first rule that matches a registration decides; if none matches, magic host
// names do (docs/registrations.md); every other host accepts.
type Registrar struct {
	// Real selects the registrations that really register at their PBX, by SIP
	// (docs/sip.md); default: none.
	Real []RealRegistrar `yaml:"real,omitempty"`
	// Always selects more of them; it is an option of the server and in no file.
	Always []RealRegistrar `yaml:"-" json:"-"`
	// CallStatus is the answer to an INVITE for a real registration: 480, 486 or 603;
	// default 480.
	CallStatus int64 `yaml:"call_status,omitempty" jsonschema:"enum=0,enum=480,enum=486,enum=603"`
	// Delay is the time until the registrar answers, on the emulator's clock; default 0:
	// the answer is visible to the next call.
	Delay time.Duration `yaml:"delay,omitempty"`
	// Expires is how long the registrar keeps a registration without a refresh, and what a
	// real one is asked for; default 1h (A29).
	Expires time.Duration `yaml:"expires,omitempty"`
	// Rules are tried in order; the first match applies.
	Rules []RegistrarRule `yaml:"rules,omitempty"`
}

// RealRegistrar selects real registrations; [MatchPattern] describes the syntax.
type RealRegistrar struct {
	// Proxy is a pattern for the proxy, with or without its port; case-insensitive. An
	// outbound proxy must match one, too. Required.
	Proxy string `yaml:"proxy" jsonschema:"required"`
}

// RegistrarRule sets the answers for registrations that match all given patterns; a rule
// without patterns matches all registrations. [MatchPattern] describes the syntax.
type RegistrarRule struct {
	// Proxy is a pattern for the proxy, with or without its port; case-insensitive.
	Proxy string `yaml:"proxy,omitempty"`
	// SIPUsername is a pattern for the SIP user name.
	SIPUsername string `yaml:"sip_username,omitempty"`
	// AuthUser is a pattern for the user name of digest authentication, which is the SIP
	// user name if the registration has no auth_user.
	AuthUser string `yaml:"auth_user,omitempty"`
	// Password is a pattern for the password.
	Password string `yaml:"password,omitempty" secret:"true"`

	// StatusCode is the only answer: 200, or a SIP status from 300 to 699; default 200.
	// Set either StatusCode or Answers.
	StatusCode int64 `yaml:"status_code,omitempty"`
	// Answers are the answers in order, for example 503, 503, 200; the last one repeats.
	Answers []int64 `yaml:"answers,omitempty"`
	// Reason is the reason phrase of a failing status; default: the standard one.
	Reason string `yaml:"reason,omitempty"`
	// Delay is the time until an answer; default: that of the registrar.
	Delay time.Duration `yaml:"delay,omitempty"`
	// Expires is how long an accepted registration is kept; default: the
	// registrar's.
	Expires time.Duration `yaml:"expires,omitempty"`
}
