package emulator

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"

	"github.com/voxemu/voxemu/emulator/internal/control"
)

// listeners are the open sockets and the servers behind them.
type listeners struct {
	http, https, control net.Listener
	servers              []*http.Server
	stopClock            func() // stops the clock's goroutine and waits for its end
}

// all lists the open sockets with what they serve. The control door is on the
// others unless it has one of its own.
func (s *Server) all(l listeners) map[net.Listener]http.Handler {
	served := map[net.Listener]http.Handler{}
	for _, socket := range []net.Listener{l.http, l.https} {
		if socket != nil {
			served[socket] = s.handler
			if l.control != nil {
				served[socket] = s.front
			}
		}
	}
	if l.control != nil {
		served[l.control] = s.back
	}
	return served
}

// Start opens the listeners, lets events happen at their moments, and returns
// once both accept. Errors: an address in use, one that is not loopback without
// [WithExpose], a broken certificate authority. After an error nothing is open.
func (s *Server) Start() error {
	opened, err := s.listen()
	if err != nil {
		opened.close()
		return err
	}
	opened.stopClock = s.runClock()
	s.mu.Lock()
	s.listeners, s.closing = opened, make(chan struct{})
	reopened := s.closed
	s.closed = false
	s.mu.Unlock()
	if reopened {
		s.callback.Resume()
	}
	return nil
}

func (s *Server) listen() (listeners, error) {
	var l listeners
	var err error
	if s.addr != "" {
		if l.http, err = s.open(s.addr); err != nil {
			return l, err
		}
	}
	if s.tlsAddr != "" {
		if l.https, err = s.openTLS(); err != nil {
			return l, err
		}
	}
	if s.controlAddr != "" {
		if l.control, err = s.open(s.controlAddr); err != nil {
			return l, err
		}
	}
	for socket, handler := range s.all(l) {
		l.servers = append(l.servers, s.serve(socket, handler))
	}
	return l, nil
}

func (s *Server) open(addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("address %q: want host:port: %w", addr, err)
	}
	if ip := net.ParseIP(host); !s.expose && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("address %q is not a loopback address: %w", addr, ErrExposed)
	}
	socket, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	return impatient{socket}, nil
}

// ErrExposed refuses to listen where other machines could connect.
var ErrExposed = errors.New("the emulator has no protection against strangers; allow it with --expose (emulator.WithExpose)")

func (s *Server) openTLS() (net.Listener, error) {
	ca, err := s.certificateAuthority()
	if err != nil {
		return nil, err
	}
	socket, err := s.open(s.tlsAddr)
	if err != nil {
		return nil, err
	}
	return tls.NewListener(socket, ca.tlsConfig()), nil
}

func (s *Server) serve(socket net.Listener, handler http.Handler) *http.Server {
	// Requests' contexts end when the server stops, so that a fault that hangs
	// does not keep it.
	running, stop := context.WithCancel(context.Background())
	server := &http.Server{
		BaseContext:       func(net.Listener) context.Context { return running },
		Handler:           limitBodies(control.Guard(handler, s.expose)),
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    headerLimit,
		ErrorLog:          slog.NewLogLogger(s.logger.Handler(), slog.LevelWarn),
	}
	server.RegisterOnShutdown(stop)
	go func() {
		if err := server.Serve(socket); !errors.Is(err, http.ErrServerClosed) {
			s.logger.Error("listener failed", "address", socket.Addr(), "error", err)
		}
	}()
	return server
}

func (l listeners) close() {
	for _, socket := range []net.Listener{l.http, l.https, l.control} {
		if socket != nil {
			_ = socket.Close() // nothing was served yet
		}
	}
}

// certificateAuthority makes or loads the authority when first needed.
func (s *Server) certificateAuthority() (*authority, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.authority == nil {
		made, err := newAuthority(s.configDir)
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
	return ca.caPEM(), nil
}

// URL is the base of the HTTP listener, for example http://127.0.0.1:15060;
// empty before Start.
func (s *Server) URL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return base("http", s.listeners.http)
}

// TLSURL is the base of the HTTPS listener; empty before Start or without one.
func (s *Server) TLSURL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return base("https", s.listeners.https)
}

// ControlURL is the base of the control door: of its own listener with
// [WithControlListen], else [Server.URL]; empty before Start.
func (s *Server) ControlURL() string {
	if s.controlAddr == "" {
		return s.URL()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return base("http", s.listeners.control)
}

func base(scheme string, socket net.Listener) string {
	if socket == nil {
		return ""
	}
	return scheme + "://" + socket.Addr().String()
}

// Close lets no more events happen by themselves, stops accepting, lets running
// calls finish until the context ends, and then cuts them off; calls that a fault
// delays or hangs are dropped at once, and who waits or listens at the control
// door is let go. Callbacks that were not accepted so far stay in the queue until
// the next Start; an attempt under way is cut off. Closing a server that does not
// listen is fine.
func (s *Server) Close(ctx context.Context) error {
	s.mu.Lock()
	servers, stopClock := s.listeners.servers, s.listeners.stopClock
	s.listeners = listeners{}
	again := s.closed
	s.closed = true
	if s.closing != nil {
		close(s.closing)
		s.closing = nil
	}
	s.mu.Unlock()
	if stopClock != nil {
		stopClock()
	}
	var errs []error
	for _, server := range servers {
		if err := server.Shutdown(ctx); err != nil {
			errs = append(errs, err, server.Close())
		}
	}
	if !again {
		s.callback.Pause()
	}
	return errors.Join(errs...)
}
