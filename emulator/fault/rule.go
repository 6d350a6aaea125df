package fault

import (
	"errors"

	"github.com/voxemu/voxemu/emulator/vox"
)

// ErrTaken reports that an armed rule already has the name.
var ErrTaken = errors.New("an armed rule has this name")

// Rule states which requests fail and how. Do not change the maps and pointers of an
// armed rule: the emulator uses them.
type Rule struct {
	// Name identifies the rule in lists, in the journal and in the header X-Voxemu-Fault:
	// 1 to 64 letters, digits, dots, dashes or underscores, unique among the armed rules.
	Name string `yaml:"name" json:"name" jsonschema:"required"`
	// When selects requests; default: all.
	When When `yaml:"when,omitempty" json:"when,omitzero"`
	// Then is what goes wrong.
	Then Then `yaml:"then" json:"then" jsonschema:"required"`
	// After processes the request before the fault: the change is saved and the client
	// does not get the reply. Default false: the fault replaces the processing, except
	// for kinds that modify the real reply.
	After bool `yaml:"after,omitempty" json:"after,omitempty"`
	// Times is how often the rule is applied; default: unlimited.
	Times Count `yaml:"times,omitempty" json:"times,omitempty"`
	// Optional reports whether the rule may stay unused, see [Status.Unspent].
	Optional bool `yaml:"optional,omitempty" json:"optional,omitempty"`
}

// When selects requests. All given conditions must match. Texts are case-sensitive
// patterns: * matches any characters, ? one character, [a-z] one character of a set; a
// backslash makes the next character literal.
//
// The conditions from Method to Until decide whether the rule counts a request. The
// conditions Nth, Every, First and Skip compare the request's number among the counted
// ones, from 1; requests to which an earlier rule was applied are counted too. The
// condition Probability is evaluated last.
type When struct {
	// Method is a pattern for the name of the API method.
	Method string `yaml:"method,omitempty" json:"method,omitempty"`
	// Parameters maps names to patterns. Each parameter must be given with a value that
	// matches; of a repeated parameter, any value. Secrets (api_key, session_id,
	// password) are not allowed.
	Parameters map[string]string `yaml:"parameters,omitempty" json:"parameters,omitempty"`
	// Account is the id of the account that the request names, before authentication: in
	// account_id, account_name or account_email, or as the issuer of its token.
	Account int64 `yaml:"account,omitempty" json:"account,omitempty"`
	// Key is the id of the service-account key in the call's token.
	Key string `yaml:"key,omitempty" json:"key,omitempty"`
	// Headers maps names to patterns. Each header must be present with a value that
	// matches; names are case-insensitive. Authorization and Cookie are not allowed.
	Headers map[string]string `yaml:"headers,omitempty" json:"headers,omitempty"`
	// Encoding is the encoding of the parameters: query, urlencoded, multipart or json.
	Encoding vox.Encoding `yaml:"encoding,omitempty" json:"encoding,omitempty" jsonschema:"enum=query,enum=urlencoded,enum=multipart,enum=json"`
	// From is the first moment at which requests are selected, on the emulator's clock, as
	// a time or as the time since the rule was armed; default: always.
	From Moment `yaml:"from,omitempty" json:"from,omitzero"`
	// Until is the moment from which requests are no longer selected, in the same forms;
	// default: never.
	Until Moment `yaml:"until,omitempty" json:"until,omitzero"`

	// Nth selects the request with this number.
	Nth Count `yaml:"nth,omitempty" json:"nth,omitempty"`
	// Every selects every k-th request: 3 selects the requests 3, 6, 9 …
	Every Count `yaml:"every,omitempty" json:"every,omitempty"`
	// First selects the requests up to this number, inclusive.
	First Count `yaml:"first,omitempty" json:"first,omitempty"`
	// Skip excludes the requests up to this number, inclusive.
	Skip Count `yaml:"skip,omitempty" json:"skip,omitempty"`
	// Probability is the chance that a request is selected, 0 (never) to 1 (always);
	// default: always. In Go: new(0.3).
	Probability *float64 `yaml:"probability,omitempty" json:"probability,omitempty"`
}
