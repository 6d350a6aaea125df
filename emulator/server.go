// Package emulator is one voxemu server: the API of openapi.yaml over a state
// that scenarios seed. It is the only place where the parts are connected.
//
//	emu, err := emulator.New(emulator.WithScenario("demo"))
//	…
//	if err := emu.Start(); err != nil { … }
//	defer emu.Close(context.Background())
//	http.Get(emu.URL() + "/platform_api/GetSipRegistrations?account_id=1&api_key=demo-key")
package emulator

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/voxemu/voxemu"
	"github.com/voxemu/voxemu/emulator/fault"
	"github.com/voxemu/voxemu/emulator/internal/accounts"
	"github.com/voxemu/voxemu/emulator/internal/applications"
	"github.com/voxemu/voxemu/emulator/internal/callback"
	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/internal/control"
	"github.com/voxemu/voxemu/emulator/internal/listen"
	"github.com/voxemu/voxemu/emulator/internal/platform"
	"github.com/voxemu/voxemu/emulator/internal/scheduler"
	"github.com/voxemu/voxemu/emulator/internal/sipreg"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/scenarios"
)

// Server is one emulator. Its methods are safe for concurrent use.
type Server struct {
	options
	contract *contract.Contract
	reader   scenarios.Reader
	store    *store.Store
	clock    *scheduler.Clock
	keys     *listen.Keyring
	faults   *fault.Engine
	journal  *journal.Journal
	callback *callback.Deliverer
	calls    callCounts
	audience audience
	handler  http.Handler // both doors
	api      *platform.Handler
	front    http.Handler // the API alone
	back     http.Handler // the control door alone

	mu        sync.Mutex // guards what follows
	closed    bool       // callbacks are paused
	loaded    scenarios.Scenario
	names     []string
	snapshots map[string]snapshot
	listeners listen.Listeners
	stopClock func()        // ends the clock's goroutine; nil before Start
	closing   chan struct{} // closed by Close; nil before Start
	authority *listen.Authority
}

// compiled is the specification, loaded once per process and shared between
// servers.
var compiled = sync.OnceValues(func() (*contract.Contract, error) {
	return contract.Load(voxemu.OpenAPI(), store.Filters())
})

// nameable is [compiled] as far as faults may name it, shared like it.
var nameable = sync.OnceValues(func() (fault.Known, error) {
	spec, err := compiled()
	if err != nil {
		return fault.Known{}, err
	}
	return known(spec), nil
})

// New makes a server and loads its scenarios; it does not listen yet. Errors: a
// scenario that is not valid, a folder that cannot be used.
func New(opts ...Option) (*Server, error) {
	o := defaults()
	for _, opt := range opts {
		opt(&o)
	}
	if len(o.scenarios) == 0 {
		o.scenarios = []string{"demo"}
	}
	methods, err := methods()
	if err != nil {
		return nil, err
	}
	reader, err := ScenarioReader()
	if err != nil {
		return nil, err
	}
	spec, err := compiled()
	if err != nil {
		return nil, err
	}
	time, err := scheduler.New(o.begins)
	if err != nil {
		return nil, err
	}
	s := &Server{
		options: o, contract: spec, reader: reader, clock: time,
		faults: fault.New(0, time.Now, reader.Known), journal: journal.New(o.journalSize),
		snapshots: map[string]snapshot{},
	}
	s.store, s.keys = o.memory()
	s.callback = s.deliverer()
	if s.silent {
		s.callback.Pause()
	}
	s.store.Observe(s.observe)
	s.clock.Follow(s.agendas()...)
	s.connect(methods)
	if o.seed != nil {
		return s, s.sow(o.seed)
	}
	if o.state != nil {
		return s, s.resume(o.state)
	}
	return s, s.Load(o.scenarios...)
}

// methods is the table of methods, connected once per process and shared between
// servers.
var methods = sync.OnceValues(func() (platform.Table, error) {
	spec, err := compiled()
	if err != nil {
		return platform.Table{}, err
	}
	return platform.Connect(spec,
		platform.Write("CreateSipRegistration", sipreg.Create),
		platform.Write("UpdateSipRegistration", sipreg.Update),
		platform.Write("BindSipRegistration", sipreg.Bind),
		platform.Write("DeleteSipRegistration", sipreg.Delete),
		platform.Read("GetSipRegistrations", sipreg.List),

		platform.Write("AddApplication", applications.AddApplication),
		platform.Read("GetApplications", applications.GetApplications),
		platform.Write("SetApplicationInfo", applications.SetApplicationInfo),
		platform.Write("DelApplication", applications.DelApplication),

		platform.Write("AddUser", applications.AddUser),
		platform.Read("GetUsers", applications.GetUsers),
		platform.Write("SetUserInfo", applications.SetUserInfo),
		platform.Write("DelUser", applications.DelUser),
		platform.Write("BindUser", applications.BindUser),

		platform.Write("AddRule", applications.AddRule),
		platform.Read("GetRules", applications.GetRules),
		platform.Write("SetRuleInfo", applications.SetRuleInfo),
		platform.Write("DelRule", applications.DelRule),
		platform.Write("ReorderRules", applications.ReorderRules),

		platform.Write("AddScenario", applications.AddScenario),
		platform.Read("GetScenarios", applications.GetScenarios),
		platform.Write("SetScenarioInfo", applications.SetScenarioInfo),
		platform.Write("DelScenario", applications.DelScenario),
		platform.Write("BindScenario", applications.BindScenario),
		platform.Write("ReorderScenarios", applications.ReorderScenarios),

		platform.Write("Logon", accounts.Logon),
		platform.Write("Logout", accounts.Logout),
		platform.Read("GetAccountInfo", accounts.GetAccountInfo),
		platform.Write("SetAccountInfo", accounts.SetAccountInfo),
		platform.Read("GetChildrenAccounts", accounts.GetChildrenAccounts),
		platform.Write("SetChildAccountInfo", accounts.SetChildAccountInfo),
		platform.Read("GetSubscriptionPrice", accounts.GetSubscriptionPrice),
		platform.Read("GetMoneyAmountToCharge", accounts.GetMoneyAmountToCharge),
		platform.Read("GetCurrencyRate", accounts.GetCurrencyRate),
		platform.Read("GetTransactionHistory", accounts.GetTransactionHistory),
		platform.Read("GetAuditLog", accounts.GetAuditLog),

		platform.WriteAfter("CreateKey", accounts.PrepareKey(newKeyPair), accounts.CreateKey),
		platform.Read("GetKeys", accounts.GetKeys),
		platform.Write("UpdateKey", accounts.UpdateKey),
		platform.Write("DeleteKey", accounts.DeleteKey),
		platform.Write("SetKeyRoles", accounts.SetKeyRoles),
		platform.Read("GetKeyRoles", accounts.GetKeyRoles),
		platform.Write("RemoveKeyRoles", accounts.RemoveKeyRoles),
		platform.Read("GetRoles", accounts.GetRoles),
		platform.Read("GetRoleGroups", accounts.GetRoleGroups),

		platform.Write("AddAuthorizedAccountIP", accounts.AddAuthorizedAccountIP),
		platform.Read("GetAuthorizedAccountIPs", accounts.GetAuthorizedAccountIPs),
		platform.Write("DelAuthorizedAccountIP", accounts.DelAuthorizedAccountIP),
		platform.Read("CheckAuthorizedAccountIP", accounts.CheckAuthorizedAccountIP),

		platform.Write("AddSipWhiteListItem", accounts.AddSipWhiteListItem),
		platform.Read("GetSipWhiteList", accounts.GetSipWhiteList),
		platform.Write("SetSipWhiteListItem", accounts.SetSipWhiteListItem),
		platform.Write("DelSipWhiteListItem", accounts.DelSipWhiteListItem),
	)
})

// connect is the wiring of the two doors. The back one is made when first
// knocked at: most servers of a test suite never hear of it.
func (s *Server) connect(methods platform.Table) {
	s.api = platform.New(platform.Config{
		Contract: s.contract, Store: s.store, Clock: s.clock, Wall: time.Now,
		Faults: s.faults, Journal: s.journal, Strict: s.strict, Observe: s.count, Logger: s.logger,
		NotFound: s.notFound,
	}, methods)
	back := sync.OnceValue(s.connectBack)
	s.back = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { back().ServeHTTP(w, r) })
	s.front = route(s.api, s.back, "/openapi.yaml")
	s.handler = route(s.api, s.back, "/openapi.yaml", control.Prefix)
}

func (s *Server) connectBack() http.Handler {
	back, err := s.door().Handler()
	if err != nil { // a constant of the program, which tests try
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		})
	}
	return back
}

// route sends what begins with one of the prefixes to the control door and the
// rest to the API.
func route(front, back http.Handler, prefixes ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, prefix := range prefixes {
			if strings.HasPrefix(r.URL.Path, prefix) {
				back.ServeHTTP(w, r)
				return
			}
		}
		front.ServeHTTP(w, r)
	})
}

// agendas are what the clock runs; of events at the same moment those of the
// first agenda come first.
func (s *Server) agendas() []scheduler.Agenda {
	return []scheduler.Agenda{
		s.agenda("registration", sipreg.NextDue, sipreg.RunNext, sipreg.PostponeNext),
		s.agenda("renewal", sipreg.NextRenewal, sipreg.Renew, nil),
		s.callbackAgenda(),
	}
}

// Handler serves both doors without a socket.
func (s *Server) Handler() http.Handler { return s.handler }

// Journal knows every call of the API; see [journal.Journal]. Load and Reset
// leave it alone: a test may reset the state half-way and still ask what its
// client did. Clear it yourself.
func (s *Server) Journal() *journal.Journal { return s.journal }

// HasMethod reports whether the real service has a method of this exact name, be
// it emulated or not.
func (s *Server) HasMethod(name string) bool {
	_, emulated := s.contract.Method(name)
	return emulated || s.contract.NotEmulated(name)
}

// Assumption is something believed about the real service that no source
// settles; see README, "Assumptions".
type Assumption = contract.Assumption

// Assumptions lists what is believed about the real service. Error: the
// specification is broken.
func Assumptions() ([]Assumption, error) {
	spec, err := compiled()
	if err != nil {
		return nil, err
	}
	return spec.Assumptions(), nil
}

func (s *Server) notFound(w http.ResponseWriter, r *http.Request) {
	door := "the control door at /_voxemu/health"
	if s.controlAddr != "" {
		door = "the control door has a listener of its own, which the ready line names as control="
	}
	http.Error(w, "voxemu has nothing at "+r.URL.Path+
		"; the API is at /platform_api/{Method}, its description at /openapi.yaml, "+door,
		http.StatusNotFound)
}
