package fault

import (
	"errors"

	"github.com/voxemu/voxemu/emulator/vox"
)

// ErrTaken refuses a rule whose name an armed one has.
var ErrTaken = errors.New("an armed rule has this name")

// Rule says which calls go wrong and how. An engine keeps it: do not change what
// an armed rule refers to.
type Rule struct {
	// Name identifies the rule in lists, in the journal and in the header
	// X-Voxemu-Fault: 1 to 64 letters, digits, dots, dashes or underscores,
	// unique among the armed rules.
	Name string `yaml:"name" json:"name" jsonschema:"required"`
	// When selects calls; an empty one selects all.
	When When `yaml:"when,omitempty" json:"when,omitzero"`
	// Then is what goes wrong.
	Then Then `yaml:"then" json:"then" jsonschema:"required"`
	// After does the work first: the change is committed, then the answer is
	// lost. Default: the fault comes instead of the work, except for kinds
	// that spoil the real reply and so need it.
	After bool `yaml:"after,omitempty" json:"after,omitempty"`
	// Times is how often the rule fires; default: without limit.
	Times Count `yaml:"times,omitempty" json:"times,omitempty"`
	// Optional rules are never reported by [Status.Unspent].
	Optional bool `yaml:"optional,omitempty" json:"optional,omitempty"`
}

// When selects calls. All conditions must hold; what is left out holds always.
// Texts are patterns: * stands for any run of characters, ? for one, [a-z] for one
// of a set; a backslash makes the next character stand for itself. Case matters.
//
// The conditions down to Until decide which calls the rule counts. Nth, Every,
// First and Skip look at a call's number among those, from 1, also when an
// earlier rule took the call; Probability is drawn last.
type When struct {
	// Method is the API method's name.
	Method string `yaml:"method,omitempty" json:"method,omitempty"`
	// Parameters must be given with a value that fits; of a repeated one, any
	// value. Secrets (api_key, session_id, password) cannot be selected by.
	Parameters map[string]string `yaml:"parameters,omitempty" json:"parameters,omitempty"`
	// Account is the id of the account that the call names, before it is
	// identified: by account_id, account_name or account_email, or as the
	// issuer of its token.
	Account int64 `yaml:"account,omitempty" json:"account,omitempty"`
	// Key is the id of the service-account key in the call's token.
	Key string `yaml:"key,omitempty" json:"key,omitempty"`
	// Headers must be present with a value that fits; case does not matter in
	// their names. Authorization and Cookie cannot be selected by.
	Headers map[string]string `yaml:"headers,omitempty" json:"headers,omitempty"`
	// Encoding of the parameters: query, urlencoded, multipart or json.
	Encoding vox.Encoding `yaml:"encoding,omitempty" json:"encoding,omitempty" jsonschema:"enum=query,enum=urlencoded,enum=multipart,enum=json"`
	// From and Until bound a window on the emulator's clock, From included.
	From  Moment `yaml:"from,omitempty" json:"from,omitzero"`
	Until Moment `yaml:"until,omitempty" json:"until,omitzero"`

	// Nth selects one call.
	Nth Count `yaml:"nth,omitempty" json:"nth,omitempty"`
	// Every selects every k-th call: 3 means calls 3, 6, 9 …
	Every Count `yaml:"every,omitempty" json:"every,omitempty"`
	// First selects the calls up to this number.
	First Count `yaml:"first,omitempty" json:"first,omitempty"`
	// Skip leaves out the calls up to this number.
	Skip Count `yaml:"skip,omitempty" json:"skip,omitempty"`
	// Probability is the chance of each call, 0 (never) to 1 (always); default
	// always. In Go: new(0.3).
	Probability *float64 `yaml:"probability,omitempty" json:"probability,omitempty"`
}
