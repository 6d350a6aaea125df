package emulator

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"github.com/voxemu/voxemu"
	"github.com/voxemu/voxemu/emulator/internal/control"
	"github.com/voxemu/voxemu/emulator/internal/lab"
	"github.com/voxemu/voxemu/emulator/vox"
	"github.com/voxemu/voxemu/scenarios"
)

// door connects the control door with the server. A route whose function is not
// set here does not exist.
func (s *Server) door() *control.Door {
	return &control.Door{
		Process: control.Process{
			Health:   func() any { return s.Health() },
			Config:   func() any { return s.config() },
			Coverage: s.coverage,
			Metrics:  sync.OnceValue(s.metricsHandler), // made at the first scrape
			CA:       s.CA,
			Shutdown: s.shutdown,
		},
		State: control.State{
			Reset:  s.Reset,
			Export: s.exportForDoor,
			Import: func(text []byte) error { return refused(s.Import(text)) },
		},
		Scenarios: control.Scenarios{List: builtins, Load: s.loadForDoor, Schema: scenarios.Schema},
		Snapshots: control.Snapshots{
			List:    s.lab.Snapshots,
			Take:    s.lab.TakeSnapshot,
			Restore: s.Restore,
			Delete:  s.DeleteSnapshot,
		},
		Clock: s.clockRoom(),
		Accounts: control.Accounts{
			List: s.lab.Accounts,
			Create: func(request vox.AccountRequest) (vox.CreatedAccount, error) {
				created, err := s.CreateAccount(request)
				return created, refused(err)
			},
			Delete:      s.DeleteAccount,
			Credentials: s.Credentials,
			TopUp:       s.TopUp,
		},
		Registrations: s.registrationsRoom(),
		Callbacks:     s.callbacksRoom(),
		Requests:      s.requestsRoom(),
		Faults:        s.faultsRoom(),
		Events:        control.Events{Subscribe: s.lab.Subscribe},
		Specification: control.Specification{Text: voxemu.OpenAPI(), URL: "http://127.0.0.1:15060"},
		Done:          s.done,
		Token:         s.controlToken,
	}
}

// done is closed when the server closes; nil, and so never, before Start.
func (s *Server) done() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closing
}

// config is how the server was started, without secrets.
type config struct {
	Scenarios     []string `json:"scenarios"`
	Strict        bool     `json:"strict"`
	Expose        bool     `json:"expose"`
	Addr          string   `json:"addr"`
	TLSAddr       string   `json:"tls_addr"`
	ControlAddr   string   `json:"control_addr"`
	ControlToken  bool     `json:"control_token"`
	AllowShutdown bool     `json:"allow_shutdown"`
	ConfigDir     string   `json:"config_dir"`
}

func (s *Server) config() config {
	return config{
		Scenarios: s.scenarios, Strict: s.strict, Expose: s.expose,
		Addr: s.addr, TLSAddr: s.tlsAddr, ControlAddr: s.controlAddr,
		ControlToken: s.controlToken != "", AllowShutdown: s.shutdown != nil, ConfigDir: s.configDir,
	}
}

func (s *Server) coverage() control.Coverage {
	c := control.Coverage{Emulated: []string{}, Partly: map[string]map[string]string{}, NotEmulated: map[string]string{}}
	for _, method := range s.contract.Methods() {
		if len(method.Ignored) > 0 {
			c.Partly[method.Name] = method.Ignored
		} else {
			c.Emulated = append(c.Emulated, method.Name)
		}
	}
	for name, gap := range s.contract.Gaps() {
		c.NotEmulated[name] = gap.Because
	}
	return c
}

func (s *Server) exportForDoor(secrets, json bool) ([]byte, error) {
	text, err := s.lab.Export(secrets)
	if err != nil || !json {
		return text, err
	}
	return yaml.YAMLToJSON(text)
}

// refused marks a scenario's mistakes as the caller's.
func refused(err error) error {
	var mistakes vox.Mistakes
	var wrong *lab.MemberError
	switch {
	case errors.As(err, &wrong):
		return &control.Problem{Status: http.StatusConflict, Member: wrong.Member, Message: wrong.Message}
	case !errors.As(err, &mistakes):
		return err
	}
	problem := &control.Problem{Status: http.StatusUnprocessableEntity, Message: mistakes[0].Error()}
	for _, c := range mistakes[1:] {
		problem.More = append(problem.More, &control.Problem{Message: c.Error()})
	}
	return problem
}

// builtins describes the built-in scenarios.
func builtins() []control.Scenario {
	list := []control.Scenario{}
	for _, name := range scenarios.Names() {
		list = append(list, control.Scenario{Name: name, Description: scenarios.Description(name)})
	}
	return list
}

// loadForDoor loads a built-in scenario and a text on top of it. It opens no
// files: a request must not read what its sender may not.
func (s *Server) loadForDoor(name, text string) error {
	var sources []scenarios.Source
	if name != "" {
		builtin, ok := scenarios.Builtin(name)
		if !ok || !slices.Contains(scenarios.Names(), name) {
			return &control.Problem{
				Status: http.StatusNotFound, Member: "name", Allowed: scenarios.Names(),
				Message: fmt.Sprintf("name: no scenario %q is built in; want one of %s, or the text of a file as yaml", name, strings.Join(scenarios.Names(), ", ")),
			}
		}
		sources = append(sources, scenarios.Source{Name: name, Text: builtin})
	}
	if text != "" {
		sources = append(sources, scenarios.Source{Name: "yaml", Text: []byte(text)})
	}
	return refused(s.LoadSources(sources...))
}
