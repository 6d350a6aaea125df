package journal

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/voxemu/voxemu/emulator/vox"
)

// RequestKind is call for a request to the API, and callback for an attempt to deliver a
// callback.
type RequestKind string

// The kinds of requests.
const (
	// APIRequest is a request of a client to the API.
	APIRequest RequestKind = "call"
	// CallbackRequest is an attempt to deliver a callback.
	CallbackRequest RequestKind = "callback"
)

// UnmarshalText reads a kind; for other words the error lists the kinds.
func (k *RequestKind) UnmarshalText(text []byte) error {
	switch got := RequestKind(text); got {
	case "", APIRequest, CallbackRequest:
		*k = got
		return nil
	}
	return fmt.Errorf("kind %q: want %s or %s", text, APIRequest, CallbackRequest)
}

// noun is the word for a request of the kind in messages.
func (k RequestKind) noun() string {
	if k == CallbackRequest {
		return "callback"
	}
	return "request"
}

// AbortReason is the reason why no complete reply was sent.
type AbortReason string

// The reasons of aborted replies.
const (
	// AbortedByClient: the client's connection ended before the reply was
	// written.
	AbortedByClient AbortReason = "client"
	// AbortedByFault: a fault rule cut the reply off.
	AbortedByFault AbortReason = "fault"
	// AbortedByPanic: a bug of the emulator; the log contains the stack.
	AbortedByPanic AbortReason = "panic"
)

// BodyLimit is the maximum number of bytes of a body that are kept, enough for a list of
// about twenty registrations.
const BodyLimit = 8 << 10

// DefaultSize is the default maximum number of requests in a journal.
const DefaultSize = 10_000

// Stats describes the size of a journal.
type Stats struct {
	// Size is the maximum number of requests.
	Size int `json:"size"`
	// Requests is the current number of requests.
	Requests int `json:"requests"`
	// Evicted is the number of requests dropped since the last Clear because the journal
	// was full.
	Evicted int64 `json:"evicted"`
}

// Request is a request to the API or an attempt to deliver a callback, depending on Kind.
// In Go and in JSON, the members of [API] and [Callback] are on the same level as the
// common ones; those of the other kind are zero and omitted.
//
// A request contains no secret. The journal shares its maps and slices: do not change
// them.
type Request struct {
	// Number counts from 1 and is never reused. Requests to the API are numbered when
	// they begin, attempts to deliver a callback when they end.
	Number int64 `json:"number"`
	// Kind is the kind of request.
	Kind RequestKind `json:"kind"`
	// At is the beginning of the request, UTC, on the emulator's clock.
	At time.Time `json:"at"`
	// Latency is the duration on the emulator's clock, in nanoseconds; 0 on a stopped
	// clock.
	Latency time.Duration `json:"latency_ns"`
	// AccountID is the account of the request. If authentication failed, it is the
	// account that the request named; 0: none.
	AccountID int64 `json:"account_id,omitempty"`
	// Status is the HTTP status of the reply; 0: no reply.
	Status int `json:"status,omitempty"`
	// RequestBytes is the number of bytes read of the request's body.
	RequestBytes int64 `json:"request_bytes"`
	// ReplyBytes is the number of bytes of the reply's body.
	ReplyBytes int64 `json:"reply_bytes"`
	// ReplyType is the reply's Content-Type.
	ReplyType string `json:"reply_type,omitempty"`
	// Reply is the reply's body, cut after [BodyLimit] bytes.
	Reply string `json:"reply,omitempty"`
	// Aborted is the reason why no complete reply was sent; empty: it was sent.
	Aborted AbortReason `json:"aborted,omitempty"`

	API
	Callback
}

// Style is the way in which a request names its method.
type Style string

// The styles of naming a method.
const (
	StylePath Style = "path" // /platform_api/Method
	StyleCmd  Style = "cmd"  // /platform_api with the parameter cmd
	StyleBare Style = "bare" // /Method, which the Go SDK sends if its endpoint lacks the final slash
)

// API has the members of requests to the API.
type API struct {
	// Verb is GET, POST or PUT, or what the client sent where no route takes the request.
	Verb string `json:"verb,omitempty"`
	// Method is the name of the API method as the client wrote it; *** if it cannot be a
	// name.
	Method string `json:"method,omitempty"`
	// Path is the path of a request that no route takes, of at most 200 bytes; parts that
	// cannot be names are ***. Such a request has no method. Default: empty.
	Path string `json:"path,omitempty"`
	// Style is how the method was named.
	Style Style `json:"style,omitempty"`
	// Encoding is the encoding of the parameters.
	Encoding vox.Encoding `json:"encoding,omitempty"`
	// Host is the host in the client's request, with a port if given.
	Host string `json:"host,omitempty"`
	// TLS reports whether the request came over HTTPS.
	TLS bool `json:"tls,omitempty"`
	// Protocol is the HTTP version, for example HTTP/1.1.
	Protocol string `json:"protocol,omitempty"`
	// UserAgent is the client's User-Agent header.
	UserAgent string `json:"user_agent,omitempty"`
	// Parameters are the parameters of query and body, without secrets; long values are
	// cut.
	Parameters url.Values `json:"parameters,omitempty"`
	// ParametersLeftOut is the number of parameters omitted for lack of space.
	ParametersLeftOut int `json:"parameters_left_out,omitempty"`
	// Unidentified reports whether authentication failed or was not attempted.
	Unidentified bool `json:"unidentified,omitempty"`
	// Denied explains why the caller was refused, if the reply to the client does not:
	// for example that the account exists and the api_key differs. It is not sent to the
	// client.
	Denied string `json:"denied,omitempty"`
	// KeyID is the service account that signed the token; empty: none did.
	KeyID string `json:"key_id,omitempty"`
	// Mistakes are the differences between the request and openapi.yaml; empty: none.
	Mistakes []ParameterMistake `json:"mistakes,omitempty"`
	// UnknownMethod reports whether the real service has no such method at this address.
	UnknownMethod bool `json:"unknown_method,omitempty"`
	// NotEmulated reports whether the real service has the method and the emulator does
	// not implement it.
	NotEmulated bool `json:"not_emulated,omitempty"`
	// UnknownParameters are parameters that the method does not have.
	UnknownParameters []string `json:"unknown_parameters,omitempty"`
	// Fault is the name of the fault rule that was applied; empty: none.
	Fault string `json:"fault,omitempty"`
	// FaultKinds are the kinds of that rule, for example api_error; a delay can be beside
	// another kind.
	FaultKinds []string `json:"fault_kinds,omitempty"`
	// Warnings are the values of X-Voxemu-Warning in the reply.
	Warnings []string `json:"warnings,omitempty"`
	// Differences are what the real service did otherwise, if it is asked as well
	// (voxemu serve --spy-upstream). They come after the reply.
	Differences []string `json:"differences,omitempty"`
	// Code is the number of the reply's first error; 0: success.
	Code int `json:"code,omitempty"`
	// Error is the name of that error, for example INVALID_PROXY.
	Error string `json:"error,omitempty"`
	// Field is the parameter that caused the error; empty: none.
	Field string `json:"field,omitempty"`
}

// Callback has the members of attempts to deliver a callback.
type Callback struct {
	// CallbackID is callback_id, the same in all attempts of a callback.
	CallbackID int64 `json:"callback_id,omitempty"`
	// CallbackType is the type of the callback, for example sip_registration_fail.
	CallbackType vox.CallbackType `json:"callback_type,omitempty"`
	// Attempt is the number of the attempt, from 1.
	Attempt int `json:"attempt,omitempty"`
	// URL is the receiver's address, without user information and secret parameters.
	URL string `json:"url,omitempty"`
	// Request is the body that was sent, cut after [BodyLimit] bytes.
	Request string `json:"request,omitempty"`
	// Failure explains why there is no reply, without the URL, which may contain secrets;
	// empty: there is one.
	Failure string `json:"failure,omitempty"`
}

// ParameterMistake is one difference between a request and openapi.yaml. A mistake in a
// file or a rule is a [vox.Mistake].
type ParameterMistake struct {
	// Parameter is the name of the parameter; empty: the request as a whole.
	Parameter string `json:"parameter,omitempty"`
	// Missing reports whether a required parameter was not given.
	Missing bool `json:"missing,omitempty"`
	// Allowed describes the allowed values; empty: unknown.
	Allowed string `json:"allowed,omitempty"`
	// Error is the name of the error in the reply; empty: no error, the nearest allowed
	// value was used.
	Error string `json:"error"`
}

// String describes the mistake, for example: proxy is missing: want a text.
func (p ParameterMistake) String() string {
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

// MistakeKind is a kind of mistake in a request.
type MistakeKind string

// The kinds of mistakes.
const (
	// AnyMistake is any of the following kinds.
	AnyMistake MistakeKind = "any"
	// ContractMistake: a parameter differs from openapi.yaml, see [API.Mistakes].
	ContractMistake MistakeKind = "contract"
	// UnknownMethodMistake: see [API.UnknownMethod].
	UnknownMethodMistake MistakeKind = "unknown_method"
	// UnknownParameterMistake: see [API.UnknownParameters].
	UnknownParameterMistake MistakeKind = "unknown_parameter"
)

// UnmarshalText reads a kind of mistake; for other words the error lists the kinds.
func (m *MistakeKind) UnmarshalText(text []byte) error {
	switch got := MistakeKind(text); got {
	case "", AnyMistake, ContractMistake, UnknownMethodMistake, UnknownParameterMistake:
		*m = got
		return nil
	}
	return fmt.Errorf("mistake %q: want %s, %s, %s or %s", text,
		AnyMistake, ContractMistake, UnknownMethodMistake, UnknownParameterMistake)
}

// Has reports whether the request has a mistake of this kind.
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

// Explain returns a line for each mistake in the request.
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

// answered reports whether the reply was complete and had HTTP status 200.
func (e *Request) answered() bool { return e.Status == 200 && e.Aborted == "" }

// String describes the request in a line, for example: request 7: CreateSipRegistration,
// account 1: INVALID_PROXY (274) on proxy.
func (e Request) String() string {
	text := fmt.Sprintf("%s %d: ", e.Kind.noun(), e.Number)
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
	switch {
	case e.Path != "":
		return e.Verb + " " + e.Path
	case e.Method == "":
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
