package emulator

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/internal/lab"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Question is a request to explain.
type Question struct {
	// Method is the name of the API method.
	Method string
	// Parameters are the parameters of the request. Without api_key, session_id and
	// token, the api_key of the account that the request names is added or, if it names
	// none, that of the first account.
	Parameters url.Values
	// Header is the header of the request; a token is in Authorization.
	Header http.Header
	// Ahead is the time since the scenario was loaded; default: none.
	Ahead clock.Span
}

// Explanation describes the result of a request and its reasons.
type Explanation struct {
	// Now is the time of the request, on the emulator's clock.
	Now time.Time `json:"now"`
	// ActingFor is the account whose api_key was added; 0: none was.
	ActingFor int64 `json:"acting_for,omitempty"`
	// Verdicts are the verdicts of the fault rules on the request, in their order.
	Verdicts []fault.Verdict `json:"faults"`
	// Fault is the rule that is applied; nil: none.
	Fault *fault.Rule `json:"fault,omitempty"`
	// Status and Header are those of the reply, Body is the part that is sent; status 0:
	// no reply.
	Status int         `json:"status,omitempty"`
	Header http.Header `json:"header,omitempty"`
	Body   string      `json:"body,omitempty"`
	// Request is the request in the journal, with its mistakes and its error.
	Request journal.Request `json:"request"`
	// RegistrationID is the registration that the request creates or changes; 0: none.
	RegistrationID int64 `json:"registration_id,omitempty"`
	// Registrar predicts the answers to that registration; nil if there is none.
	Registrar *vox.Forecast `json:"registrar,omitempty"`
}

// Explain describes the result of a request to a server with the options and a stopped
// clock. It sends the request, with all faults, to a temporary server without listeners.
// Errors: those of [New], or a time after the clock's limit.
func Explain(q Question, opts ...Option) (Explanation, error) {
	offline := func(o *options) { o.begins, o.silent = clock.Stopped(time.Now()), true }
	s, err := New(append(opts, offline)...)
	if err != nil {
		return Explanation{}, err
	}
	if err := s.SetTime(q.Ahead.After(s.Now())); err != nil {
		return Explanation{}, err
	}
	return s.explain(q)
}

func (s *Server) explain(q Question) (Explanation, error) {
	before, err := s.State()
	if err != nil {
		return Explanation{}, err
	}
	x := Explanation{Now: s.Now()}
	q.Parameters, x.ActingFor = lab.Identify(before.Accounts, q.Parameters, q.Header)
	made := s.api.Explain(q.Method, q.Parameters, q.Header)
	x.Verdicts, x.Fault, x.Request = made.Verdicts, made.Fault, made.Request
	x.Status, x.Header, x.Body = made.Status, made.Header, made.Body
	return x, s.foretell(&x, q, before.Registrations)
}

// foretell adds the forecast for the registration of the request.
func (s *Server) foretell(x *Explanation, q Question, before []vox.Registration) error {
	switch q.Method {
	case "CreateSipRegistration":
		after, err := s.State()
		if err != nil || len(after.Registrations) == len(before) {
			return err
		}
		x.RegistrationID = after.Registrations[len(after.Registrations)-1].ID // the new row has the highest id
	case "UpdateSipRegistration":
		id, err := strconv.ParseInt(q.Parameters.Get("sip_registration_id"), 10, 64)
		if err != nil || x.Fault == nil && x.Request.Code != 0 {
			return nil // refused
		}
		x.RegistrationID = id
	default:
		return nil
	}
	forecast, err := s.lab.Forecast(x.RegistrationID)
	if errors.Is(err, vox.ErrInvalidRegistrationID) {
		x.RegistrationID = 0
		return nil
	}
	x.Registrar = &forecast
	return err
}
