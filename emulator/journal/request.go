package journal

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/voxemu/voxemu/emulator/vox"
)

// RequestKind tells whether a client asked the API or the emulator a receiver of
// callbacks.
type RequestKind string

// The kinds of entries.
const (
	// APIRequest is a call of the API: a client asked, the emulator answered.
	APIRequest RequestKind = "call"
	// CallbackRequest is one attempt to deliver a callback: the emulator asked,
	// the receiver answered.
	CallbackRequest RequestKind = "callback"
)

// UnmarshalText reads a kind; any other word is an error that lists them.
func (k *RequestKind) UnmarshalText(text []byte) error {
	switch got := RequestKind(text); got {
	case "", APIRequest, CallbackRequest:
		*k = got
		return nil
	}
	return fmt.Errorf("kind %q: want %s or %s", text, APIRequest, CallbackRequest)
}

// AbortReason is why no complete reply was sent.
type AbortReason string

// The reasons.
const (
	// AbortedByClient: the client's connection ended before the reply was
	// written.
	AbortedByClient AbortReason = "client"
	// AbortedByFault: a fault cut the reply off, as its rule says.
	AbortedByFault AbortReason = "fault"
	// AbortedByPanic: a bug of the emulator; its log has the stack.
	AbortedByPanic AbortReason = "panic"
)

// BodyLimit is how much of a body is kept, in bytes: about a list of twenty
// registrations.
const BodyLimit = 8 << 10

// DefaultSize is the usual number of requests that a journal keeps.
const DefaultSize = 10_000

// Stats says how full a journal is.
type Stats struct {
	// Size is how many requests can be kept.
	Size int `json:"size"`
	// Entries is how many are kept.
	Entries int `json:"entries"`
	// Evicted is how many were forgotten for lack of room since the last
	// Clear.
	Evicted int64 `json:"evicted"`
}

// Request is one exchange: an API call or an attempt to deliver a callback,
// whichever Kind says. The members of [API] and of [Callback] stand beside the
// common ones, in Go and in JSON; those of the other kind are zero and left out.
//
// No entry holds a secret. Maps and slices are shared with the journal: do not
// change them.
type Request struct {
	// Number counts entries from 1: calls when they begin, attempts to deliver
	// a callback when they have ended. It is never used twice.
	Number int64 `json:"number"`
	// Kind is the kind of entry.
	Kind RequestKind `json:"kind"`
	// At is when the exchange began, UTC, on the emulator's clock.
	At time.Time `json:"at"`
	// Latency is how long it took on the emulator's clock, in nanoseconds; 0 on
	// a stopped clock.
	Latency time.Duration `json:"latency_ns"`
	// AccountID is the account that the exchange is about. A call that was not
	// identified has the account that it claims to be for; 0: none.
	AccountID int64 `json:"account_id,omitempty"`
	// Status is the HTTP status of the reply; 0: there was none.
	Status int `json:"status,omitempty"`
	// RequestBytes is the size of the request's body as far as it was read.
	RequestBytes int64 `json:"request_bytes"`
	// ReplyBytes is the size of the reply's body.
	ReplyBytes int64 `json:"reply_bytes"`
	// ReplyType is the reply's Content-Type.
	ReplyType string `json:"reply_type,omitempty"`
	// Reply is the beginning of the reply's body, at most [BodyLimit] bytes.
	Reply string `json:"reply,omitempty"`
	// Aborted is why no complete reply was sent; empty: it was.
	Aborted AbortReason `json:"aborted,omitempty"`

	API
	Callback
}

// Style is how a request names its method.
type Style string

// The styles.
const (
	StylePath Style = "path" // /platform_api/Method
	StyleCmd  Style = "cmd"  // the parameter cmd of /platform_api
	StyleBare Style = "bare" // /Method: the Go SDK when its endpoint lacks the final slash
)

// API is what only a request to the API has.
type API struct {
	// Verb is GET or POST.
	Verb string `json:"verb,omitempty"`
	// Method is the API method's name, as the client wrote it; *** when that
	// has not the shape of a name.
	Method string `json:"method,omitempty"`
	// Style is how the method was named.
	Style Style `json:"style,omitempty"`
	// Encoding is that of the parameters.
	Encoding vox.Encoding `json:"encoding,omitempty"`
	// Host is the host, and the port if any, that the client asked.
	Host string `json:"host,omitempty"`
	// TLS tells that the call came over HTTPS.
	TLS bool `json:"tls,omitempty"`
	// Protocol is the HTTP version, for example HTTP/1.1.
	Protocol string `json:"protocol,omitempty"`
	// UserAgent is the client's own name.
	UserAgent string `json:"user_agent,omitempty"`
	// Parameters are those of query and body, without secrets; long ones are
	// cut.
	Parameters url.Values `json:"parameters,omitempty"`
	// ParametersLeftOut counts the parameters for which there was no room.
	ParametersLeftOut int `json:"parameters_left_out,omitempty"`
	// Unidentified tells that the caller did not prove who it is.
	Unidentified bool `json:"unidentified,omitempty"`
	// Denied is why the caller was refused, in words, when the emulator knows more
	// than the reply says: the account exists, for example, and the api_key differs.
	// Clients are never told.
	Denied string `json:"denied,omitempty"`
	// KeyID is the service account that signed; empty: an api_key, or nobody.
	KeyID string `json:"key_id,omitempty"`
	// Mistakes is the verdict of the contract: what in the call does not fit
	// openapi.yaml; empty: everything fits.
	Mistakes []Mistake `json:"problems,omitempty"`
	// UnknownMethod tells that the real service has no such method, or not at
	// this address.
	UnknownMethod bool `json:"unknown_method,omitempty"`
	// NotEmulated tells that the real service has the method and the emulator
	// lacks it: not the client's mistake.
	NotEmulated bool `json:"not_emulated,omitempty"`
	// UnknownParameters are those that the method does not know.
	UnknownParameters []string `json:"unknown_parameters,omitempty"`
	// Fault names the fault that was applied; empty: none.
	Fault string `json:"fault,omitempty"`
	// Warnings are what the emulator told the client in X-Voxemu-Warning.
	Warnings []string `json:"warnings,omitempty"`
	// Code is the number of the reply's first error; 0: a success.
	Code int `json:"code,omitempty"`
	// Error is the name of that error, for example INVALID_PROXY.
	Error string `json:"error,omitempty"`
	// Field is the parameter which that error is about; empty: none.
	Field string `json:"field,omitempty"`
}

// Callback is what only an attempt to deliver a callback has.
type Callback struct {
	// CallbackID is the callback_id; all attempts of one callback share it.
	CallbackID int64 `json:"callback_id,omitempty"`
	// CallbackType is the callback's type, for example sip_registration_fail.
	CallbackType string `json:"callback_type,omitempty"`
	// Attempt counts from 1.
	Attempt int `json:"attempt,omitempty"`
	// URL is the receiver, without user information and secret parameters.
	URL string `json:"url,omitempty"`
	// Request is the beginning of the body that was sent, at most [BodyLimit]
	// bytes.
	Request string `json:"request,omitempty"`
	// Failure is why the attempt got no answer, in words and without the URL,
	// which may hold secrets; empty: it got one.
	Failure string `json:"failure,omitempty"`
}

// Mistake is one thing in a call that does not fit the contract.
type Mistake struct {
	// Parameter is the parameter; empty: the request as a whole.
	Parameter string `json:"parameter,omitempty"`
	// Missing tells that it was not given.
	Missing bool `json:"missing,omitempty"`
	// Allowed says what it may be, in words; empty: unknown.
	Allowed string `json:"allowed,omitempty"`
	// Error is the name of the error that answers it; empty: none does, the nearest
	// value that is allowed was used.
	Error string `json:"error"`
}

// String explains the problem in a line: proxy is missing: want a text.
func (p Mistake) String() string {
	text := p.Parameter
	switch {
	case p.Parameter == "":
		text = "the request cannot be read"
	case p.Missing:
		text += " is missing"
	default:
		text += " does not fit"
	}
	if p.Allowed != "" {
		text += ": want " + p.Allowed
	}
	return text
}

// MistakeKind is a kind of mistake that a client can make in a call.
type MistakeKind string

// The kinds of mistakes.
const (
	// AnyMistake is any of the following.
	AnyMistake MistakeKind = "any"
	// ContractMistake: a parameter does not fit the contract, see [API.Mistakes].
	ContractMistake MistakeKind = "contract"
	// UnknownMethodMistake: see [API.UnknownMethod].
	UnknownMethodMistake MistakeKind = "unknown_method"
	// UnknownParameterMistake: see [API.UnknownParameters].
	UnknownParameterMistake MistakeKind = "unknown_parameter"
)

// UnmarshalText reads a kind of mistake; any other word is an error that lists
// them.
func (m *MistakeKind) UnmarshalText(text []byte) error {
	switch got := MistakeKind(text); got {
	case "", AnyMistake, ContractMistake, UnknownMethodMistake, UnknownParameterMistake:
		*m = got
		return nil
	}
	return fmt.Errorf("mistake %q: want %s, %s, %s or %s", text,
		AnyMistake, ContractMistake, UnknownMethodMistake, UnknownParameterMistake)
}

// Has reports whether the call made such a mistake.
func (e Request) Has(m MistakeKind) bool {
	switch m {
	case ContractMistake:
		return len(e.Mistakes) > 0
	case UnknownMethodMistake:
		return e.UnknownMethod
	case UnknownParameterMistake:
		return len(e.UnknownParameters) > 0
	case AnyMistake:
		return e.Has(ContractMistake) || e.Has(UnknownMethodMistake) || e.Has(UnknownParameterMistake)
	}
	return false
}

// Explain says, a line per mistake, what is wrong with the call; nothing for a
// call without mistakes.
func (e Request) Explain() []string {
	var lines []string
	if e.UnknownMethod {
		line := "the API has no method " + e.Method + " at this address"
		if e.Style == StyleBare {
			line += "; methods are below /platform_api/"
		}
		lines = append(lines, line)
	}
	for _, p := range e.Mistakes {
		line := p.String()
		if given := e.Parameters[p.Parameter]; len(given) > 0 && !p.Missing {
			line += fmt.Sprintf(", got %q", strings.Join(given, ";"))
		}
		lines = append(lines, line)
	}
	for _, name := range e.UnknownParameters {
		lines = append(lines, e.Method+" has no parameter "+name)
	}
	return lines
}

// answered reports whether the client got a complete reply that is no HTTP error.
func (e *Request) answered() bool { return e.Status == 200 && e.Aborted == "" }

// String is the entry in a line:
// call 7: CreateSipRegistration, account 1: INVALID_PROXY (274) on proxy.
func (e Request) String() string {
	text := fmt.Sprintf("%s %d: ", e.Kind, e.Number)
	if e.Kind == CallbackRequest {
		text += fmt.Sprintf("%s, id %d, attempt %d", e.CallbackType, e.CallbackID, e.Attempt)
	} else {
		text += e.methodInWords()
	}
	if e.AccountID != 0 {
		text += fmt.Sprintf(", account %d", e.AccountID)
	}
	return text + ": " + e.outcome()
}

func (e Request) methodInWords() string {
	if e.Method == "" {
		return "no method"
	}
	return e.Method
}

func (e Request) outcome() string {
	switch {
	case e.Aborted != "":
		return "aborted by " + string(e.Aborted)
	case e.Failure != "":
		return e.Failure
	case e.Error != "" && e.Field != "":
		return fmt.Sprintf("%s (%d) on %s", e.Error, e.Code, e.Field)
	case e.Error != "":
		return fmt.Sprintf("%s (%d)", e.Error, e.Code)
	case e.Kind == APIRequest && e.Status == 200:
		return "ok"
	}
	return fmt.Sprintf("HTTP %d", e.Status)
}
