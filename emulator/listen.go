package emulator

import (
	"cmp"
	"context"
	"errors"
	"net/http"

	"github.com/voxemu/voxemu/emulator/internal/control"
	"github.com/voxemu/voxemu/emulator/internal/listen"
)

// ErrExposed reports an address that other machines can connect to, without [WithExpose].
var ErrExposed = listen.ErrExposed

// Start opens the listeners, starts to run events on time, and returns when both
// listeners accept connections. Errors: an address in use, [ErrExposed], or a malformed
// certificate authority. After an error no port is open.
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
		return s.lab.ReopenSIP()
	}
	return nil
}

// listen serves the control API on the other listeners unless it has its own.
func (s *Server) listen() (listen.Listeners, error) {
	api := s.Handler()
	if s.controlAddr != "" {
		api = s.route("/openapi.yaml")
	}
	endpoint := func(address string, handler http.Handler) listen.Endpoint {
		hosts := control.Hosts{Exposed: !listen.Loopback(address), Allowed: s.hosts}
		return listen.Endpoint{Address: address, Handler: control.Guard(handler, hosts)}
	}
	config := listen.Config{
		HTTP: endpoint(s.addr, api), HTTPS: endpoint(s.tlsAddr, api), Control: endpoint(s.controlAddr, s.control.Welcome(s.control)),
		Expose: s.expose, Logger: s.logger,
	}
	if s.tlsAddr != "" {
		var err error
		if config.Authority, err = s.certificateAuthority(); err != nil {
			return listen.Listeners{}, err
		}
	}
	return listen.Open(config)
}

// certificateAuthority loads or creates the CA on first use.
func (s *Server) certificateAuthority() (*listen.Authority, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.authority == nil {
		made, err := listen.NewAuthority(s.configDir, s.tlsNames...)
		if err != nil {
			return nil, err
		}
		s.authority = made
		for _, warning := range made.Warnings(s.configDir) {
			s.logger.Warn(warning)
		}
	}
	return s.authority, nil
}

// CA returns the CA certificate of the HTTPS listener, PEM. It returns an error if the
// one in the folder of [WithConfigDir] is malformed or expired.
func (s *Server) CA() ([]byte, error) {
	ca, err := s.certificateAuthority()
	if err != nil {
		return nil, err
	}
	return ca.PEM(), nil
}

// CAFile returns the path of the CA certificate in a folder, PEM, and creates it if it is
// missing. It returns an error if there is no folder, if the folder cannot be used, or if
// the certificate or key in it is malformed or expired.
func CAFile(dir string) (path string, err error) { return listen.CAFile(dir) }

// ReadableByOthers reports whether users other than the owner may read a file with a
// secret. Windows does not tell.
func ReadableByOthers(path string) bool { return listen.ReadableByOthers(path) }

// RenewCA replaces the certificate authority in a folder by a new one and returns the path
// of its certificate; see [WithTLSName] for the names. Servers that run keep the old one.
func RenewCA(dir string, names ...string) (path string, err error) {
	return listen.RenewAuthority(dir, names...)
}

// URL returns the base URL of the HTTP listener, for example http://127.0.0.1:15060;
// empty before Start.
func (s *Server) URL() string { return s.listening().HTTP }

// TLSURL returns the base URL of the HTTPS listener; empty before Start or if there is
// none.
func (s *Server) TLSURL() string { return s.listening().HTTPS }

// ControlURL returns the base URL of the control API: that of its own listener with
// [WithControlListen], else [Server.URL] or, if there is none, [Server.TLSURL]; empty before
// Start.
func (s *Server) ControlURL() string {
	if s.controlAddr == "" {
		return cmp.Or(s.URL(), s.TLSURL())
	}
	return s.listening().Control
}

// ConsoleURL returns the URL of the console, a page for browsers; empty before Start or if
// there is none.
func (s *Server) ConsoleURL() string {
	if base := s.ControlURL(); base != "" && s.consoleOn() {
		return base + control.Prefix + "/console/"
	}
	return ""
}

func (s *Server) listening() listen.Listeners {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.listeners
}

// Close stops running events on time and accepting connections. Running requests can
// finish until the context ends; requests that a fault delays, and those that wait in the
// control API, end at once. Queued callbacks stay queued until the next Start; running
// attempts are aborted. Real registrations are unregistered, within a second. Closing a server that does not listen is no error.
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
		err = errors.Join(err, s.lab.CloseSIP())
	}
	return err
}
