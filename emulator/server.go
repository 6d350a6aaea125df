// Package emulator is a voxemu server: the Voximplant Management API with a state that
// scenarios define, and the control API. In Go tests, package testkit is shorter to use.
//
// Start with a scenario, open a port, and send requests as a client does:
//
//	emu, err := emulator.New(emulator.WithScenario("demo"))
//	…
//	if err := emu.Start(); err != nil { … }
//	defer emu.Close(context.Background())
//	http.Get(emu.URL() + "/platform_api/GetSipRegistrations?account_id=1&api_key=demo-key")
//
// [Server.Handler] serves the same without a port. Advance the clock; everything that
// becomes due runs before the call returns:
//
//	emu, err := emulator.New(emulator.WithClock(clock.Stopped(noon)))
//	…
//	err = emu.Advance(31 * 24 * time.Hour)
//
// Make requests fail with [Server.Faults], and verify the client's requests with
// [Server.Journal]. [Server.Snapshot] and [Server.Restore] reset the state within a test;
// [Server.Save] and [WithState] keep it for the next start.
package emulator

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/voxemu/voxemu/emulator/internal/contract"
	"github.com/voxemu/voxemu/emulator/internal/control"
	"github.com/voxemu/voxemu/emulator/internal/inject"
	"github.com/voxemu/voxemu/emulator/internal/lab"
	"github.com/voxemu/voxemu/emulator/internal/listen"
	"github.com/voxemu/voxemu/emulator/internal/origin"
	"github.com/voxemu/voxemu/emulator/internal/platform"
	"github.com/voxemu/voxemu/emulator/internal/requestlog"
	"github.com/voxemu/voxemu/emulator/internal/scheduler"
	"github.com/voxemu/voxemu/emulator/internal/tally"
	"github.com/voxemu/voxemu/emulator/journal"
	"github.com/voxemu/voxemu/emulator/vox"
)

// Server is one emulator. Its methods are safe for concurrent use.
type Server struct {
	options
	contract *contract.Contract
	lab      *lab.Lab
	clock    *scheduler.Clock
	faults   *inject.Engine
	journal  *requestlog.Log
	tally    *tally.Tally
	api      *platform.Handler
	control  *control.API

	mu        sync.Mutex // guards the fields below
	closed    bool       // callbacks are paused
	listeners listen.Listeners
	stopClock func() // ends the clock's goroutine; nil before Start
	authority *listen.Authority
}

// New returns a server with loaded scenarios that does not listen yet. Errors: an invalid
// scenario, a folder that cannot be used, or [ErrOptions].
func New(opts ...Option) (*Server, error) {
	s := &Server{options: defaults()}
	o := &s.options
	for _, opt := range opts {
		opt(o)
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	if len(o.scenarios) == 0 {
		o.scenarios = []string{"demo"}
	}
	origins, err := origin.Parse(o.origins...)
	if err != nil {
		return nil, optionError{"--allow-origin (emulator.WithAllowOrigin): " + err.Error()}
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
	if s.clock, err = scheduler.New(o.begins); err != nil {
		return nil, err
	}
	s.contract = spec
	s.faults = inject.New(0, s.clock.Now, reader.Known)
	s.journal = requestlog.New(o.journalSize)
	s.tally = tally.New(spec, Version())
	s.journal.OnLeaving(s.tally.Note)
	parts := lab.Config{
		Reader: reader, Clock: s.clock, Faults: s.faults, Journal: s.journal,
		Logger: o.logger, AllowPublic: o.callbacksAllowPublic, SIP: o.realSIP(),
	}
	if o.seed != nil {
		parts.Store, parts.Keys = o.seed.seed.Store(), o.seed.seed.Keys()
	} else {
		parts.Keys = listen.NewKeyring(o.configDir)
	}
	if s.lab, err = lab.New(parts); err != nil {
		return nil, err
	}
	s.connect(methods, origins)
	if s.silent {
		s.lab.PauseCallbacks()
	}
	if err := s.begin(); err != nil {
		return nil, err
	}
	if err := s.lab.StartSIP(); err != nil {
		return nil, errors.Join(err, s.lab.CloseSIP())
	}
	return s, nil
}

// realSIP returns what real registrations need; nil: they are not allowed.
func (o options) realSIP() *lab.SIP {
	switch {
	case o.silent:
		return &lab.SIP{Config: o.sip}
	case o.openSIP == nil:
		return nil
	}
	return &lab.SIP{Open: o.openSIP, Config: o.sip}
}

func (s *Server) begin() error {
	switch {
	case s.seed != nil:
		return s.lab.Begin(s.seed.seed)
	case s.state != nil:
		return s.lab.BeginSaved(s.state, s.scenarios...)
	}
	return s.lab.Load(s.scenarios...)
}

func (s *Server) connect(methods platform.Table, origins origin.Allowed) {
	s.control = control.New(control.Config{
		Lab: s.lab, Journal: s.journal, Faults: s.faults, Contract: s.contract, Tally: s.tally, Version: Version(),
		Settings: s.settings(), Listeners: func() map[string]string { return s.listening().URLs() }, CA: s.CA, APIDocs: s.apiDocs, Shutdown: s.shutdown, Token: s.controlToken,
	})
	s.api = platform.New(platform.Config{
		Contract: s.contract, Store: s.lab.Store(), Clock: s.clock, Wall: time.Now,
		Faults: s.faults, Journal: s.journal, Origins: origins, Strict: s.strict, Observe: s.control.Count, Logger: s.logger,
		NotFound: s.notFound, Spy: s.spy,
	}, methods)
}

func (s *Server) settings() control.Settings {
	return control.Settings{
		Scenarios: s.scenarios, Strict: s.strict, Expose: s.expose, AllowedHosts: s.hosts, AllowOrigins: s.origins,
		Addr: s.addr, TLSAddr: s.tlsAddr, ControlAddr: s.controlAddr,
		ControlToken: s.controlToken != "", AllowShutdown: s.shutdown != nil, NoConsole: !s.consoleOn(), ConfigDir: s.configDir,
	}
}

// CheckFilter refuses names that nothing has: a filter with one selects no request, so a
// check that wants none would always hold. Methods and parameters in the journal exist, and
// so do faults that were ever armed. The error is [vox.Mistakes].
func (s *Server) CheckFilter(f journal.Filter) error { return s.control.CheckFilter(f) }

// Health describes the running server.
func (s *Server) Health() vox.Health { return s.control.Health() }

// ReportSave records the result of saving the state to a file, for [Server.Health] and
// the metrics: the start of the save, and its error or nil. Calls must not be concurrent.
func (s *Server) ReportSave(at time.Time, err error) { s.control.ReportSave(at, err) }

// Handler returns the handler of the API and the control API.
func (s *Server) Handler() http.Handler {
	return s.control.Welcome(s.route("/openapi.yaml", control.Prefix))
}

// route returns a handler that passes paths with one of the prefixes to the control API,
// others to the API.
func (s *Server) route(prefixes ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, prefix := range prefixes {
			if rest, found := strings.CutPrefix(r.URL.Path, prefix); found && (rest == "" || rest[0] == '/' && prefix == control.Prefix) {
				s.control.ServeHTTP(w, r)
				return
			}
		}
		s.api.ServeHTTP(w, r)
	})
}

// notFound explains where things are to a request for a path that nothing serves.
func (s *Server) notFound(path string) string {
	where := "the control API at /_voxemu/health"
	if s.controlAddr != "" {
		where = "the control API has a listener of its own, which the ready line names as control="
	}
	return "voxemu has nothing at " + path + "; the API is at /platform_api/{Method}, its description at /openapi.yaml, " + where
}
