package emulator

import (
	"context"
	"net/http"

	"github.com/voxemu/voxemu/emulator/internal/control"
	"github.com/voxemu/voxemu/emulator/internal/listen"
)

// ErrExposed refuses to listen where other machines could connect.
var ErrExposed = listen.ErrExposed

// Start opens the listeners, lets events happen at their moments, and returns
// once both accept. Errors: an address in use, one that is not loopback without
// [WithExpose], a broken certificate authority. After an error nothing is open.
func (s *Server) Start() error {
	opened, err := s.listen()
	if err != nil {
		return err
	}
	stopClock := s.lab.RunClock()
	s.mu.Lock()
	s.listeners, s.stopClock = opened, stopClock
	reopened := s.closed
	s.closed = false
	s.mu.Unlock()
	if reopened {
		s.lab.ResumeCallbacks()
	}
	return nil
}

// listen serves the control API on the other listeners unless it has its own.
func (s *Server) listen() (listen.Listeners, error) {
	api := s.Handler()
	if s.controlAddr != "" {
		api = s.route("/openapi.yaml")
	}
	guarded := func(handler http.Handler) http.Handler { return control.Guard(handler, s.expose) }
	config := listen.Config{
		HTTP:    listen.Endpoint{Address: s.addr, Handler: guarded(api)},
		HTTPS:   listen.Endpoint{Address: s.tlsAddr, Handler: guarded(api)},
		Control: listen.Endpoint{Address: s.controlAddr, Handler: guarded(s.control)},
		Expose:  s.expose, Logger: s.logger,
	}
	if s.tlsAddr != "" {
		var err error
		if config.Authority, err = s.certificateAuthority(); err != nil {
			return listen.Listeners{}, err
		}
	}
	return listen.Open(config)
}

// certificateAuthority makes or loads the authority when first needed.
func (s *Server) certificateAuthority() (*listen.Authority, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.authority == nil {
		made, err := listen.NewAuthority(s.configDir)
		if err != nil {
			return nil, err
		}
		s.authority = made
	}
	return s.authority, nil
}

// CA is the certificate of the authority that signs the HTTPS listener's, PEM.
// Error: the folder of [WithConfigDir] holds a broken one.
func (s *Server) CA() ([]byte, error) {
	ca, err := s.certificateAuthority()
	if err != nil {
		return nil, err
	}
	return ca.PEM(), nil
}

// CAFile is the path of the certificate of the authority kept in a folder, PEM;
// it is made if missing. Errors: no folder, one that cannot be used, a broken or
// expired certificate or key in it.
func CAFile(dir string) (path string, err error) { return listen.CAFile(dir) }

// URL is the base of the HTTP listener, for example http://127.0.0.1:15060;
// empty before Start.
func (s *Server) URL() string { return s.listening().HTTP }

// TLSURL is the base of the HTTPS listener; empty before Start or without one.
func (s *Server) TLSURL() string { return s.listening().HTTPS }

// ControlURL is the base of the control API: of its own listener with
// [WithControlListen], else [Server.URL]; empty before Start.
func (s *Server) ControlURL() string {
	if s.controlAddr == "" {
		return s.URL()
	}
	return s.listening().Control
}

func (s *Server) listening() listen.Listeners {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.listeners
}

// Close lets no more events happen by themselves, stops accepting, lets running
// requests finish until the context ends, and then cuts them off; requests that a
// fault delays or hangs, and those that wait in the control API, end at once.
// Callbacks that were not accepted so far stay in the queue until the next Start;
// an attempt under way is cut off. Closing a server that does not listen is fine.
func (s *Server) Close(ctx context.Context) error {
	s.mu.Lock()
	open, stopClock := s.listeners, s.stopClock
	s.listeners, s.stopClock = listen.Listeners{}, nil
	again := s.closed
	s.closed = true
	s.mu.Unlock()
	if stopClock != nil {
		stopClock()
	}
	err := open.Close(ctx)
	if !again {
		s.lab.PauseCallbacks()
	}
	return err
}
