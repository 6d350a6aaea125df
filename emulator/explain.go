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

// Question is a call to be explained.
type Question struct {
	// Method is the API method's name.
	Method string
	// Parameters of the call. Without api_key, session_id and token the call is
	// made with the api_key of the account that it names or, when it names none,
	// of the first one.
	Parameters url.Values
	// Header of the request; a token is in Authorization.
	Header http.Header
	// Ahead is how far the scenario's time has gone on; default: not at all.
	Ahead clock.Span
}

// Explanation is what would become of a call, and why.
type Explanation struct {
	// Now is the moment of the call, on the emulator's clock.
	Now time.Time `json:"now"`
	// ActingFor is the account whose api_key was added to the call; 0: none was.
	ActingFor int64 `json:"acting_for,omitempty"`
	// Verdicts are what the fault rules make of the call, in their order.
	Verdicts []fault.Verdict `json:"faults"`
	// Fault is the rule that takes the call; nil: none.
	Fault *fault.Rule `json:"fault,omitempty"`
	// Status and Header of the reply, and its Body as far as it is sent; status
	// 0: nothing is.
	Status int         `json:"status,omitempty"`
	Header http.Header `json:"header,omitempty"`
	Body   string      `json:"body,omitempty"`
	// Request is what the journal says of the call: its mistakes, its error.
	Request journal.Request `json:"request"`
	// RegistrationID is the registration that the call has made, or that it
	// changes; 0: none.
	RegistrationID int64 `json:"registration_id,omitempty"`
	// Registrar is what the registrar will say to it; nil without a registration.
	Registrar *vox.Forecast `json:"registrar,omitempty"`
}

// Explain says what would become of a call to a server with the options, on a
// stopped clock. It makes the call, with all its faults, on a server of its own
// that does not listen. Errors: those of [New], a time beyond the clock's end.
func Explain(q Question, opts ...Option) (Explanation, error) {
	imagined := func(o *options) { o.begins, o.silent = clock.Stopped(time.Now()), true }
	s, err := New(append(opts, imagined)...)
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

// foretell adds what the registrar will say to the registration that the call
// was about.
func (s *Server) foretell(x *Explanation, q Question, before []vox.Registration) error {
	switch q.Method {
	case "CreateSipRegistration":
		after, err := s.State()
		if err != nil || len(after.Registrations) == len(before) {
			return err
		}
		x.RegistrationID = after.Registrations[len(after.Registrations)-1].ID // ids only grow
	case "UpdateSipRegistration":
		id, err := strconv.ParseInt(q.Parameters.Get("sip_registration_id"), 10, 64)
		if err != nil || x.Fault == nil && x.Request.Code != 0 {
			return nil // refused
		}
		x.RegistrationID = id
	default:
		return nil
	}
	forecast, err := s.lab.Foretell(x.RegistrationID)
	if errors.Is(err, vox.ErrInvalidRegistrationID) {
		x.RegistrationID = 0
		return nil
	}
	x.Registrar = &forecast
	return err
}
