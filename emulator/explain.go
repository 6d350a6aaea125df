package emulator

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/voxemu/voxemu/emulator/clock"
	"github.com/voxemu/voxemu/emulator/fault"
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
	x.ActingFor = q.identify(before.Accounts)
	patience, giveUp := context.WithCancel(context.Background())
	defer giveUp()
	x.Verdicts = s.api.Explain(q.request(patience))
	for _, verdict := range x.Verdicts {
		if verdict.Unmet == "" {
			x.Fault = s.rule(verdict.Rule)
			break
		}
	}
	if x.Fault != nil && x.Fault.Then.Hang != nil {
		giveUp() // as the client does in the end
	}
	x.reply(s.Handler(), q.request(patience))
	if requests := s.journal.Find(journal.Filter{}); len(requests) > 0 {
		x.Request = requests[len(requests)-1]
	}
	return x, s.foretell(&x, q, before.Registrations)
}

// identify adds an api_key to a call that says nothing about who makes it.
func (q *Question) identify(accounts []vox.Account) int64 {
	if q.Parameters.Get("api_key") != "" || q.Parameters.Get("session_id") != "" || q.Header.Get("Authorization") != "" {
		return 0
	}
	named := slices.IndexFunc(accounts, func(a vox.Account) bool {
		return q.Parameters.Get("account_id") == strconv.FormatInt(a.ID, 10) ||
			q.Parameters.Get("account_name") == a.Name || a.Email != "" && q.Parameters.Get("account_email") == a.Email
	})
	parameters := url.Values{}
	for name, values := range q.Parameters {
		parameters[name] = values
	}
	q.Parameters = parameters
	if named < 0 && len(accounts) > 0 && !parameters.Has("account_id") && !parameters.Has("account_name") && !parameters.Has("account_email") {
		named = 0
		parameters.Set("account_id", strconv.FormatInt(accounts[0].ID, 10))
	}
	if named < 0 || accounts[named].APIKey == "" {
		return 0
	}
	parameters.Set("api_key", accounts[named].APIKey)
	return accounts[named].ID
}

// request is the call as the SDKs send it.
func (q Question) request(ctx context.Context) *http.Request {
	header := q.Header.Clone()
	if header == nil {
		header = http.Header{}
	}
	header.Set("Content-Type", "application/x-www-form-urlencoded")
	target := "http://127.0.0.1/platform_api/" + url.PathEscape(q.Method)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, target, strings.NewReader(q.Parameters.Encode()))
	if err != nil { // an escaped path fits
		panic(err)
	}
	r.Header, r.RemoteAddr = header, "127.0.0.1:0"
	return r
}

// reply makes the call.
func (x *Explanation) reply(handler http.Handler, r *http.Request) {
	seen := &recorder{header: http.Header{}}
	defer func() {
		if dropped := recover(); dropped != nil && dropped != any(http.ErrAbortHandler) {
			panic(dropped)
		}
		x.Status, x.Header, x.Body = seen.status, seen.header, seen.body.String()
	}()
	handler.ServeHTTP(seen, r)
}

// rule is an armed rule.
func (s *Server) rule(name string) *fault.Rule {
	for _, status := range s.faults.Rules() {
		if status.Name == name {
			return &status.Rule
		}
	}
	return nil
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

// recorder keeps a reply as far as it is sent.
type recorder struct {
	header http.Header
	status int
	body   strings.Builder
}

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status, r.header = status, r.header.Clone()
	}
}

func (r *recorder) Write(text []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.body.Write(text)
}
