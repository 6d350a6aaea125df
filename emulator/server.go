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

	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/internal/control"
	"github.com/voxemu/voxemu/emulator/internal/inject"
	"github.com/voxemu/voxemu/emulator/internal/lab"
	"github.com/voxemu/voxemu/emulator/internal/listen"
	"github.com/voxemu/voxemu/emulator/internal/platform"
	"github.com/voxemu/voxemu/emulator/internal/scheduler"
	"github.com/voxemu/voxemu/emulator/internal/store"
	"github.com/voxemu/voxemu/emulator/journal"
)

// Server is one emulator. Its methods are safe for concurrent use.
type Server struct {
	options
	contract *contract.Contract
	lab      *lab.Lab
	clock    *scheduler.Clock
	faults   *inject.Engine
	journal  *journal.Journal
	calls    callCounts
	handler  http.Handler // both doors
	api      *platform.Handler
	front    http.Handler // the API alone
	back     http.Handler // the control door alone

	mu        sync.Mutex // guards what follows
	closed    bool       // callbacks are paused
	listeners listen.Listeners
	stopClock func()        // ends the clock's goroutine; nil before Start
	closing   chan struct{} // closed by Close; nil before Start
	authority *listen.Authority
}

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
	clock, err := scheduler.New(o.begins)
	if err != nil {
		return nil, err
	}
	s := &Server{
		options: o, contract: spec, clock: clock,
		faults: inject.New(0, clock.Now, reader.Known), journal: journal.New(o.journalSize),
	}
	state, keys := o.memory()
	s.lab = lab.New(lab.Config{
		Reader: reader, Store: state, Clock: clock, Faults: s.faults, Journal: s.journal,
		Keys: keys, Logger: o.logger, AllowPublic: o.callbacksAllowPublic,
	})
	if s.silent {
		s.lab.PauseCallbacks()
	}
	s.connect(methods)
	switch {
	case o.seed != nil:
		return s, s.lab.Begin(o.seed.seed)
	case o.state != nil:
		return s, s.lab.BeginSaved(o.state, o.scenarios...)
	}
	return s, s.lab.Load(o.scenarios...)
}

// memory is where a server keeps its state and its keys.
func (o options) memory() (*store.Store, *listen.Keyring) {
	if o.seed != nil {
		return o.seed.seed.Store(), o.seed.seed.Keys()
	}
	return store.New(), listen.NewKeyring(o.configDir)
}

// connect is the wiring of the two doors. The back one is made when first
// knocked at: most servers of a test suite never hear of it.
func (s *Server) connect(methods platform.Table) {
	s.api = platform.New(platform.Config{
		Contract: s.contract, Store: s.lab.Store(), Clock: s.clock, Wall: time.Now,
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

// Handler serves both doors without a socket.
func (s *Server) Handler() http.Handler { return s.handler }

func (s *Server) notFound(w http.ResponseWriter, r *http.Request) {
	door := "the control door at /_voxemu/health"
	if s.controlAddr != "" {
		door = "the control door has a listener of its own, which the ready line names as control="
	}
	http.Error(w, "voxemu has nothing at "+r.URL.Path+
		"; the API is at /platform_api/{Method}, its description at /openapi.yaml, "+door,
		http.StatusNotFound)
}
